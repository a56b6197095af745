# expect: trial/MADE-FULL: Give the trial one title.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX dcterms: <http://purl.org/dc/terms/>
DELETE { <../MADE-FULL> dcterms:title ?value } WHERE { <../MADE-FULL> dcterms:title ?value }
