# expect: trial/MADE-FULL/estimate/final-os/control: Name under analysis_set of the estimate at most one set.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { <estimate/final-os/control> eqp:analysisSet <analysis-set/asia> }
