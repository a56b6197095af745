# expect: trial/MADE-FULL/arm/control: Give the thing one name, by its label, statement or id.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
DELETE { <arm/control> rdfs:label ?value } WHERE { <arm/control> rdfs:label ?value }
