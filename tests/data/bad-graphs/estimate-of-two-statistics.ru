# expect: trial/MADE-FULL/estimate/final-os/control: Give statistic once: Count, Mean, Median, Proportion or SurvivalProbability.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { <estimate/final-os/control> eqp:statistic eqp:Mean }
