# expect: https://w3id.org/equipoise/trial/MADE-FULL/contrast/final-os has the outcome https://w3id.org/equipoise/vocab/ObjectiveResponse and an endpoint of https://w3id.org/equipoise/vocab/OverallSurvival
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
WITH <https://w3id.org/equipoise/graph/trial/MADE-FULL> DELETE { ?contrast eqp:outcome ?outcome } INSERT { ?contrast eqp:outcome eqp:ObjectiveResponse } WHERE { BIND(<contrast/final-os> AS ?contrast) ?contrast eqp:outcome ?outcome }
