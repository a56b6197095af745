# expect: trial/MADE-FULL/conflict/role-of-os/reading/secondary: Give a controlled value that is read otherwise as one value of the vocabulary.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <conflict/role-of-os/reading/secondary> eqp:readAs ?value } INSERT { <conflict/role-of-os/reading/secondary> eqp:readAs <arm/control> } WHERE { <conflict/role-of-os/reading/secondary> eqp:readAs ?value }
