"""Names as they are compared: which spellings are one, and which only look so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.graph.linking.names import Reading, differ_in_meaning, is_short_form, key, readings, words

SAME = [
    ("Diarrhoea", "diarrhea"),
    ("oesophageal tumour", "Esophageal  Tumor"),
    ("anaemia", "anemia"),
    ("palmar-plantar erythrodysaesthesia", "Palmar Plantar Erythrodysesthesia"),
    ("régorafénib", "regorafenib"),
    ("BAY 43-9006", "BAY-43-9006"),
    ("β-catenin", "beta catenin"),
    ("Hodgkin's lymphoma", "Hodgkin’s lymphoma"),
]
DIFFERENT = [
    ("1,12-diol", "11,2-diol"),
    ("(+)-medicarpin", "(-)-medicarpin"),
    ("(+)-medicarpin", "medicarpin"),
    ("hypertension", "hypotension"),
    ("sorafenib", "sorafenib tosylate"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_of_two_things_have_two_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


@given(st.text(max_size=60))
def test_any_text_has_a_key_that_case_and_blanks_do_not_change(text: str) -> None:
    assert key(f"  {text}\t") == key(text)
    assert isinstance(list(readings(text, chemical=True)), list)
    assert isinstance(list(readings(text, chemical=False)), list)


@pytest.mark.parametrize(
    ("name", "reading", "expected"),
    [
        ("sorafenib tosylate", Reading.WITHOUT_SALT, "sorafenib"),
        ("cabozantinib (S)-malate", Reading.WITHOUT_SALT, "cabozantinib"),
        ("rivoceranib free base", Reading.WITHOUT_SALT, "rivoceranib"),
        ("sorafenib mesilate", Reading.OTHER_SALT_NAME, "sorafenibmesylate"),
        ("regorafenibum", Reading.LATIN, "regorafenib"),
        ("bevacizumab-awwb", Reading.WITHOUT_SUFFIX, "bevacizumab"),
    ],
)
def test_substances_are_read_without_what_is_added_to_their_name(name: str, reading: Reading, expected: str) -> None:
    assert (reading, expected) in list(readings(name, chemical=True))


def test_a_word_that_is_no_salt_is_not_taken_away() -> None:
    assert [reading for reading, _ in readings("sorafenib tablet", chemical=True)] == [Reading.AS_IT_STANDS]
    assert [reading for reading, _ in readings("aurum", chemical=True)] == [Reading.AS_IT_STANDS]


def test_diseases_are_read_in_any_order_of_words() -> None:
    inverted = dict(readings("Carcinoma, Hepatocellular", chemical=False))
    straight = dict(readings("hepatocellular carcinoma", chemical=False))
    assert inverted[Reading.REORDERED] == straight[Reading.REORDERED]


def test_the_ending_of_an_ontology_is_taken_off_its_own_names_only() -> None:
    assert dict(readings("hypertension AE", local_name="OAE_0000403", chemical=False))[Reading.AS_IT_STANDS] == key(
        "hypertension"
    )
    assert dict(readings("hypertension AE", local_name="D1", chemical=False))[Reading.AS_IT_STANDS] != key(
        "hypertension"
    )


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("apatinib", "lapatinib", "two non-proprietary names are two substances"),
        ("hyperkalaemia", "hypokalaemia", "hyper is not hypo"),
        ("SHR-1210", "SHR-1211", "their numbers differ"),
        ("type I reaction", "type II reaction", "their numbers differ"),
        ("lipase increased", "lipase decreased", "increased is not decreased"),
        ("hypertension", "hypertention", ""),
    ],
)
def test_near_names_that_cannot_mean_the_same_are_told(one: str, other: str, why: str) -> None:
    assert differ_in_meaning(one, other) == why
    assert bool(differ_in_meaning(other, one)) == bool(why)


def test_abbreviations_are_told_from_words() -> None:
    assert is_short_form("HCC")
    assert is_short_form("uHCC")
    assert not is_short_form("death")
    assert not is_short_form("Nexavar")


def test_every_form_of_a_salt_stands_once() -> None:
    assert words().forms["mesilate"] == words().forms["mesylate"] == "mesylate"
    assert words().forms["s-malate"] != words().forms["malate"]
