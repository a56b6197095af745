# expect: source/made-paper: Give the source one title.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX dcterms: <http://purl.org/dc/terms/>
DELETE { <../../source/made-paper> dcterms:title ?value } WHERE { <../../source/made-paper> dcterms:title ?value }
