# expect: trial/MADE-FULL/contrast/final-os: Name under analysis_set of the contrast at most one set.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { <contrast/final-os> eqp:analysisSet <analysis-set/asia> }
