# expect: trial/MADE-FULL/contrast/final-os: Give stratified as true or false.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:stratified ?value } INSERT { <contrast/final-os> eqp:stratified "yes" } WHERE { <contrast/final-os> eqp:stratified ?value }
