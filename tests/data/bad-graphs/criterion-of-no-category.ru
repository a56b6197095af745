# expect: trial/MADE-FULL/criterion/adult: Give under categories values of the vocabulary only.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { <criterion/adult> eqp:category eqp:Median }
