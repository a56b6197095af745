# expect: trial/MADE-FULL: Give start_date as one date, YYYY-MM-DD.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <../MADE-FULL> eqp:startDate ?value } INSERT { <../MADE-FULL> eqp:startDate "winter" } WHERE { <../MADE-FULL> eqp:startDate ?value }
