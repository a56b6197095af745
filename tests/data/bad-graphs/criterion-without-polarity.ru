# expect: trial/MADE-FULL/criterion/adult: Give polarity once: Inclusion or Exclusion.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <criterion/adult> eqp:polarity ?value } WHERE { <criterion/adult> eqp:polarity ?value }
