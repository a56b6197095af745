# expect: trial/MADE-FULL/analysis-set/itt: Give kind once: IntentionToTreat, SafetySet or Subgroup.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <analysis-set/itt> eqp:analysisSetKind ?value } INSERT { <analysis-set/itt> eqp:analysisSetKind eqp:FinalAnalysis } WHERE { <analysis-set/itt> eqp:analysisSetKind ?value }
