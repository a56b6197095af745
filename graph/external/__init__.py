"""External ontologies: read from files, kept on a shelf, and served beside the evidence as named graphs."""
