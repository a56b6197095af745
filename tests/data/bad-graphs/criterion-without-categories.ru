# expect: trial/MADE-FULL/criterion/adult: Give a criterion with the relation OneOf its categories.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <criterion/adult> eqp:relation ?value } INSERT { <criterion/adult> eqp:relation eqp:OneOf } WHERE { <criterion/adult> eqp:relation ?value }
