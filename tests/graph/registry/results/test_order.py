"""Matches of groups with arms, and the order of two groups: stated by the record, or not at all."""

import pytest

from equipoise.graph.registry.results.groups import Group, RecordArm, match_arms
from equipoise.graph.registry.results.order import find_order

DRUG, PLACEBO, BOTH = (
    RecordArm("arm:drug", "Drug 5 mg", "Experimental"),
    RecordArm("arm:placebo", "Placebo", "PlaceboComparator"),
    RecordArm("arm:both", "Drug 5 mg + Other", "Experimental"),
)
FIRST, SECOND = Group("g:0", "Drug 5 mg", DRUG), Group("g:1", "Placebo", PLACEBO)


@pytest.mark.parametrize(
    ("title", "arm", "how"),
    [
        ("drug  5 MG", DRUG, "EqualTitle"),
        ("Arm A: Drug 5 mg", DRUG, "EqualTitleWithoutDesignation"),
        ("Placebo Group", PLACEBO, "EqualTitleWithoutDesignation"),
    ],
)
def test_group_with_the_title_of_an_arm_is_that_arm(title: str, arm: RecordArm, how: str) -> None:
    assert match_arms([title], [DRUG, PLACEBO]) == [(arm, how)]


@pytest.mark.parametrize(
    "title", ["Drug 50 mg", "Drug 0.5 mg", "Drug", "Placebo (Men)", "Cohort 1: Placebo", "Total", ""]
)
def test_group_with_another_title_is_no_arm(title: str) -> None:
    assert match_arms([title], [DRUG, PLACEBO]) == [None]


def test_two_groups_are_never_one_arm() -> None:
    assert match_arms(["Placebo", "Placebo arm"], [DRUG, PLACEBO]) == [None, None]


def test_title_of_two_arms_matches_neither() -> None:
    assert match_arms(["Placebo"], [PLACEBO, RecordArm("arm:other", "placebo")]) == [None]


@pytest.mark.parametrize(
    "text",
    [
        "Drug 5 mg vs. Placebo",
        "LS mean of Drug 5 mg minus Placebo",
        "ratio of Drug 5 mg to Placebo",
        "Drug 5 mg - placebo",
        "placebo-subtracted change",
        "Drug 5 mg arm compared with the Placebo arm",
    ],
)
def test_order_is_read_where_a_text_states_it(text: str) -> None:
    for pair in ((FIRST, SECOND), (SECOND, FIRST)):
        order = find_order(*pair, [text])
        assert order is not None
        assert (order.target, order.reference) == (FIRST, SECOND)
        assert order.stated_by


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Drug 5 mg and Placebo",
        "Treatment difference",
        "Placebo vs Drug 5 mg",
        "difference between Drug 5 mg and Placebo",
        "Drug 5 mg + Other vs Placebo",
        "Drug 50 mg vs Placebo",
        "Drug 5 mg vs Placebo; Placebo minus Drug 5 mg",
    ],
)
def test_order_is_not_read_where_no_text_states_it(text: str) -> None:
    assert find_order(FIRST, SECOND, [text]) is None


def test_longer_name_is_not_read_as_the_shorter_in_it() -> None:
    order = find_order(FIRST, Group("g:2", "Drug 5 mg + Other", BOTH), ["Drug 5 mg + Other versus Drug 5 mg"])
    assert order is not None
    assert order.target.iri == "g:2"


def test_groups_that_are_no_arms_have_no_order() -> None:
    assert find_order(Group("g:0", "Drug 5 mg"), SECOND, ["Drug 5 mg versus Placebo"]) is None
