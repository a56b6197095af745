# expect: trial/MADE-FULL/analysis/final: Give data_cutoff, or list it under not_reported.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <analysis/final> eqp:dataCutoff ?value } WHERE { <analysis/final> eqp:dataCutoff ?value }
