# expect: https://w3id.org/equipoise/trial/MADE-FULL/estimate/final-follow-up/overall is in wk
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
WITH <https://w3id.org/equipoise/graph/trial/MADE-FULL> DELETE { ?estimate eqp:unit ?unit } INSERT { ?estimate eqp:unit "wk" } WHERE { BIND(<estimate/final-follow-up/overall> AS ?estimate) ?estimate eqp:unit ?unit }
