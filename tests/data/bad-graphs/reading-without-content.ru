# expect: trial/MADE-FULL/conflict/os-12-months-control/reading/46-1: Give each of the readings a value with its digits as printed, or else a statement.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <conflict/os-12-months-control/reading/46-1> eqp:valuePrinted ?value } WHERE { <conflict/os-12-months-control/reading/46-1> eqp:valuePrinted ?value }
