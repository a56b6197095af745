# expect: trial/MADE-FULL/estimate/final-os/control: Give statistic, which says what the value is, and keep the digits as printed.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <estimate/final-os/control> eqp:statistic ?value } WHERE { <estimate/final-os/control> eqp:statistic ?value }
