# expect: trial/MADE-FULL/arm/control: Put this into the record of exactly one trial, known by its registry_id.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { <arm/control> eqp:trial <https://w3id.org/equipoise/trial/MADE-0009> }
