# expect: trial/MADE-FULL/analysis-set/itt: Give size of the analysis set, or list it under not_reported.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <analysis-set/itt> eqp:size ?value } WHERE { <analysis-set/itt> eqp:size ?value }
