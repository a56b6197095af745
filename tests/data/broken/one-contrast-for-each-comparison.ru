# expect: https://w3id.org/equipoise/trial/MADE-FULL/contrast/final-os-again is of the same comparison as https://w3id.org/equipoise/trial/MADE-FULL/contrast/final-os
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
WITH <https://w3id.org/equipoise/graph/trial/MADE-FULL> INSERT { <contrast/final-os-again> ?property ?value } WHERE { <contrast/final-os> ?property ?value }
