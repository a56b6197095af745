# expect: trial/MADE-FULL/analysis-set/asia: Give a Subgroup its variable, its category and the set it is a subset_of.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <analysis-set/asia> eqp:category ?value } WHERE { <analysis-set/asia> eqp:category ?value }
