# expect: trial/MADE-FULL/criterion/adult: Say under about which one variable the criterion tests.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <criterion/adult> eqp:about ?value } WHERE { <criterion/adult> eqp:about ?value }
