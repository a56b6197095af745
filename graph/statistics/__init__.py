"""The arithmetic of the checks: what reported values imply, reckoned over the rounding of their printed digits.

Functions take figures as printed and give a `Verdict`, or None where what they need was not reported or rounding leaves
the rule open. Nothing here reads a store or knows what a trial is; `graph.audit` brings the figures and carries the
verdicts away. Distributions and exact intervals are SciPy's.
"""
