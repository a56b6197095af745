# expect: trial/MADE-FULL/baseline/male/overall: Give statistic: Count, Mean, Median or Proportion.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <baseline/male/overall> eqp:statistic ?value } WHERE { <baseline/male/overall> eqp:statistic ?value }
