# expect: trial/MADE-FULL: Name under reported_in none but sources of the record.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <../MADE-FULL> eqp:reportedIn ?value } INSERT { <../MADE-FULL> eqp:reportedIn <arm/control> } WHERE { <../MADE-FULL> eqp:reportedIn ?value }
