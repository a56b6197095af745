# expect: trial/MADE-FULL/contrast/final-os: Give the lower limit of the interval, or list lower under not_reported.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:lower ?value } WHERE { <contrast/final-os> eqp:lower ?value }
