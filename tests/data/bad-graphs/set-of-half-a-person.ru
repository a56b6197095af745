# expect: trial/MADE-FULL/analysis-set/itt: Give size as one whole number, not below 0.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { <analysis-set/itt> eqp:size ?value } INSERT { <analysis-set/itt> eqp:size "300.5"^^xsd:decimal } WHERE { <analysis-set/itt> eqp:size ?value }
