# expect: trial/MADE-FULL/criterion/adult: State the criterion in one statement of your own.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <criterion/adult> eqp:statement ?value } WHERE { <criterion/adult> eqp:statement ?value }
