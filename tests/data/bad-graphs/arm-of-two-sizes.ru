# expect: trial/MADE-FULL/arm/control: Give size of the arm as one whole number, not below 0.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { <arm/control> eqp:size 151 }
