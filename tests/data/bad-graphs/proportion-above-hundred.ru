# expect: trial/MADE-FULL/estimate/final-os-12-months/control: Give a proportion or a survival probability in percent: unit %, value from 0 to 100.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { <estimate/final-os-12-months/control> eqp:value ?value } INSERT { <estimate/final-os-12-months/control> eqp:value "416"^^xsd:decimal } WHERE { <estimate/final-os-12-months/control> eqp:value ?value }
