# expect: trial/MADE-FULL/estimate/final-os/control: Give the confidence level of the limits, or list level under not_reported.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <estimate/final-os/control> eqp:level ?value } WHERE { <estimate/final-os/control> eqp:level ?value }
