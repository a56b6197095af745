# expect: trial/MADE-FULL: Give enrollment as one whole number, not below 0.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { <../MADE-FULL> eqp:enrollment 330 }
