# expect: trial/MADE-FULL/estimate/final-os/control: Give the estimate its analysis, and its outcome or endpoint.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <estimate/final-os/control> eqp:analysis ?value } WHERE { <estimate/final-os/control> eqp:analysis ?value }
