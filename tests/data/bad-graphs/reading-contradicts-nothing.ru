# expect: trial/MADE-FULL/conflict/os-12-months-control/reading/46-1: Say under about of the conflict which one thing the reading contradicts.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <conflict/os-12-months-control/reading/46-1> eqp:conflictsWith ?value } WHERE { <conflict/os-12-months-control/reading/46-1> eqp:conflictsWith ?value }
