# expect: trial/MADE-FULL/baseline/male/overall: Give value in every row of the baseline table.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <baseline/male/overall> eqp:value ?value } WHERE { <baseline/male/overall> eqp:value ?value }
