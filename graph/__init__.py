"""From curated records to releases: reading, building quads, checking, validating, storing."""
