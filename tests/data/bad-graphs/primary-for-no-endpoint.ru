# expect: trial/MADE-FULL/analysis/final: Name under primary_for none but endpoints of the record.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <analysis/final> eqp:primaryFor ?value } INSERT { <analysis/final> eqp:primaryFor <arm/control> } WHERE { <analysis/final> eqp:primaryFor ?value }
