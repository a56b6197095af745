# expect: trial/MADE-FULL/analysis/final: Give kind once: FinalAnalysis, InterimAnalysis, PostHocAnalysis, PrimaryAnalysis, UpdatedAnalysis or KindNotReported.
BASE <https://w3id.org/equipoise/trial/MADE-FULL/>
PREFIX eqp: <https://w3id.org/equipoise/vocab/>
DELETE { <analysis/final> eqp:analysisKind ?value } WHERE { <analysis/final> eqp:analysisKind ?value }
