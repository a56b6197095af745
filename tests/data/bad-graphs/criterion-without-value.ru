# expect: trial/MADE-FULL/criterion/adult: Give a criterion with the relation AtLeast, AtMost or Below its value.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <criterion/adult> eqp:value ?value } WHERE { <criterion/adult> eqp:value ?value }
