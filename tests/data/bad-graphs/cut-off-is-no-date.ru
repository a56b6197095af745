# expect: trial/MADE-FULL/analysis/final: Give data_cutoff as one date, YYYY-MM-DD.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <analysis/final> eqp:dataCutoff ?value } INSERT { <analysis/final> eqp:dataCutoff "mid-2024" } WHERE { <analysis/final> eqp:dataCutoff ?value }
