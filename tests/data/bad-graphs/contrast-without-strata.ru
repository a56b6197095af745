# expect: trial/MADE-FULL/contrast/final-os: Say whether the contrast is stratified, or list stratified under not_reported.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <contrast/final-os> eqp:stratified ?value } WHERE { <contrast/final-os> eqp:stratified ?value }
