"""Links to other ontologies: who may be the same thing, what a curator says of it, and where mapping sets disagree.

The order of the work: `subjects` (our terms) and `lexicon` (an ontology's names) → `propose` (candidates with reasons)
→ `proposals` (the SSSOM file) → `review` (a curator's decisions) → a table that the next build takes in. Mapping sets
of others come in through `incoming`, become proposals in `adopt`, and are held against ours in `conflicts`.
"""
