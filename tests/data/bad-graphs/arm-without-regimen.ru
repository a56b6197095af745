# expect: trial/MADE-FULL/arm/control: Give the arm one regimen.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <arm/control> eqp:hasRegimen ?value } WHERE { <arm/control> eqp:hasRegimen ?value }
