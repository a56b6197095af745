# expect: trial/MADE-FULL/estimate/final-os/control: Name the set of the estimate under analysis_set, or list analysis_set under not_reported.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <estimate/final-os/control> eqp:analysisSet ?value } WHERE { <estimate/final-os/control> eqp:analysisSet ?value }
