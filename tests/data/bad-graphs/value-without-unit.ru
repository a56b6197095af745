# expect: trial/MADE-FULL/estimate/final-os/control: Give unit of the value as one UCUM code, or list unit under not_reported.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <estimate/final-os/control> eqp:unit ?value } WHERE { <estimate/final-os/control> eqp:unit ?value }
