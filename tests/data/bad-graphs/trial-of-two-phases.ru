# expect: trial/MADE-FULL: Give phase at most once, a phase of the vocabulary.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { <../MADE-FULL> eqp:phase eqp:Phase2 }
