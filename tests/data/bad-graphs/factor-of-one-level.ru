# expect: trial/MADE-FULL/stratification/region: Give the factor at least two levels.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE DATA { <stratification/region> eqp:hasStratificationLevel <stratification/region/asia> }
