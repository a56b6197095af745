# expect: trial/MADE-FULL/arm/control: Give role once: Experimental, ActiveComparator or PlaceboComparator.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
INSERT DATA { <arm/control> eqp:role eqp:PlaceboComparator }
