# expect: trial/MADE-FULL/safety/hypertension/combination: Give denominator as one whole number, not below 0.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { <safety/hypertension/combination> eqp:denominator ?value } INSERT { <safety/hypertension/combination> eqp:denominator "149.5"^^xsd:decimal } WHERE { <safety/hypertension/combination> eqp:denominator ?value }
