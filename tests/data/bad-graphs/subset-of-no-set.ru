# expect: trial/MADE-FULL/analysis-set/asia: Name under subset_of one of the analysis_sets of the record.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <analysis-set/asia> eqp:subsetOf ?value } INSERT { <analysis-set/asia> eqp:subsetOf <arm/control> } WHERE { <analysis-set/asia> eqp:subsetOf ?value }
