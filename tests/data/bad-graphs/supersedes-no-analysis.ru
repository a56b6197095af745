# expect: trial/MADE-FULL/analysis/final: Name under supersedes none but analyses of the record.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <analysis/final> eqp:supersedes ?value } INSERT { <analysis/final> eqp:supersedes <arm/control> } WHERE { <analysis/final> eqp:supersedes ?value }
