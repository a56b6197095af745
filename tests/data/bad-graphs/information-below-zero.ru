# expect: trial/MADE-FULL/analysis/final: Give information_fraction in percent of the planned events, not below 0.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { <analysis/final> eqp:informationFraction ?value } INSERT { <analysis/final> eqp:informationFraction "-2"^^xsd:decimal } WHERE { <analysis/final> eqp:informationFraction ?value }
