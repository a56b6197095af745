# expect: trial/MADE-FULL/contrast/final-os: Keep the digits of value as printed.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:valuePrinted ?value } WHERE { <contrast/final-os> eqp:valuePrinted ?value }
