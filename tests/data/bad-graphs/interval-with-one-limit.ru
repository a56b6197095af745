# expect: trial/MADE-FULL/estimate/final-os/control: Give lower and upper together, or list the one that is missing under not_reported.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <estimate/final-os/control> eqp:upper ?value } WHERE { <estimate/final-os/control> eqp:upper ?value }
