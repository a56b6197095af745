# expect: source/made-text: Give text_sha256 of the source as 64 hexadecimal digits.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <../../source/made-text> eqp:textHash ?value } INSERT { <../../source/made-text> eqp:textHash "none" } WHERE { <../../source/made-text> eqp:textHash ?value }
