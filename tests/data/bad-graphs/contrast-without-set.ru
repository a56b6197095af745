# expect: trial/MADE-FULL/contrast/final-os: Name the set under analysis_set, or list analysis_set under not_reported.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:analysisSet ?value } WHERE { <contrast/final-os> eqp:analysisSet ?value }
