# expect: trial/MADE-FULL/conflict/os-12-months-control: Say under about which one thing the sources disagree on.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <conflict/os-12-months-control> eqp:concerns ?value } WHERE { <conflict/os-12-months-control> eqp:concerns ?value }
