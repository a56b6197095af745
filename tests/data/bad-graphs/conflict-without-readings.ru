# expect: trial/MADE-FULL/conflict/os-12-months-control: Give under readings at least one other reading.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <conflict/os-12-months-control> eqp:hasReading ?value } WHERE { <conflict/os-12-months-control> eqp:hasReading ?value }
