# expect: trial/MADE-FULL/conflict/os-12-months-control: Give under preferred_because one reason for the preferred reading.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <conflict/os-12-months-control> eqp:preferredBecause ?value } WHERE { <conflict/os-12-months-control> eqp:preferredBecause ?value }
