# expect: trial/MADE-FULL/estimate/final-os-12-months/control: Give a SurvivalProbability its timepoint in months.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <estimate/final-os-12-months/control> eqp:timepoint ?value } WHERE { <estimate/final-os-12-months/control> eqp:timepoint ?value }
