"""The list of trials, page by page: of so many trials only those that a page shows are looked up."""

from equipoise.api.pages.asked import Rows, query_text, rows
from equipoise.graph.store import Bindings, Store

__all__ = ["count_trials", "listed_trials"]

INNER = "LIMIT 200 OFFSET 0"


def count_trials(store: Store) -> int:
    """How many trials a store holds."""
    return int(rows(store, "trial-count")[0]["count"])


def listed_trials(store: Store, *, first: int, most: int) -> Rows:
    """What is shown of trials in order of their registry numbers: at most so many, from a place on, counted from 0."""
    text = query_text("trial-cards")
    assert INNER in text
    answer = store.query(text.replace(INNER, f"LIMIT {most} OFFSET {first}"))
    assert isinstance(answer, Bindings)
    return answer.values()
