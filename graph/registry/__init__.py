"""Registry records: ClinicalTrials.gov studies (API v2, JSON) as named graphs of their own, at registry scale."""
