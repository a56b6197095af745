# expect: trial/MADE-FULL/criterion/adult: Give relation once, which says how the variable must stand to the value.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <criterion/adult> eqp:relation ?value } WHERE { <criterion/adult> eqp:relation ?value }
