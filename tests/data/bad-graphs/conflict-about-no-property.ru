# expect: trial/MADE-FULL/conflict/os-12-months-control: Say under property which one property the sources disagree on.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <conflict/os-12-months-control> eqp:concernsProperty ?value } WHERE { <conflict/os-12-months-control> eqp:concernsProperty ?value }
