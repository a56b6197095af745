# expect: trial/MADE-FULL/arm/control: Give size of the arm, or list it under not_reported.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <arm/control> eqp:size ?value } WHERE { <arm/control> eqp:size ?value }
