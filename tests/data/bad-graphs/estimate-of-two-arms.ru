# expect: trial/MADE-FULL/estimate/final-os/control: Name under by_arm one of the arms of the record, and put what holds for all arms together under overall.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { <estimate/final-os/control> eqp:arm <arm/combination> }
