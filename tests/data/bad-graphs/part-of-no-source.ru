# expect: source/made-abstract: Name under part_of one of the sources of the record.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <../../source/made-abstract> eqp:partOf ?value } INSERT { <../../source/made-abstract> eqp:partOf <arm/control> } WHERE { <../../source/made-abstract> eqp:partOf ?value }
