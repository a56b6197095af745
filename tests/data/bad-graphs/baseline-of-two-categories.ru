# expect: trial/MADE-FULL/baseline/male/overall: Give at most one category of the characteristic.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { <baseline/male/overall> eqp:category eqp:Asian }
