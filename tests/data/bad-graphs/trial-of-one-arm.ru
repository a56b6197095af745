# expect: trial/MADE-FULL: Give at least two arms, since this model does not fit a trial with one arm yet.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE DATA { <../MADE-FULL> eqp:hasArm <arm/control> }
