"""Names as they are compared: one key for the spellings of a name, and the readings of it that mean something else.

In: a name as somebody wrote it. Out: keys that are equal where two names are. What is known of words (salts, stems,
British spelling) stands in `words.yaml`. Pure: no store, no clock.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml

__all__ = ["Reading", "Words", "differ_in_meaning", "is_short_form", "key", "plain", "readings", "words", "words_key"]

LONGEST_SHORT_FORM = 5
"""Characters up to which a name in capitals is an abbreviation, which means other things elsewhere."""

BIOSIMILAR = re.compile(r"^(\w+mab)-[a-z]{4}$", re.IGNORECASE)
LATIN = re.compile(r"^(\w+)um$", re.IGNORECASE)
POSSESSIVE = re.compile(r"['’](?:s\b)?")
TOKEN = re.compile(r"[^\W_]+")
APART = re.compile(r"(?<=\d) (?=\d)|(?<=\b[^\W\d_]) | (?=[^\W\d_]\b)")
PLURAL = re.compile(r"\w{3}[^siu]s$")
DIGITS = re.compile(r"\d+|\b[ivx]+\b")


class Reading(StrEnum):
    """How a name was read: as it stands, or with something taken away, which changes what it can mean."""

    AS_IT_STANDS = "as it stands"
    LATIN = "without its Latin ending"
    SINGULAR = "in the singular"
    REORDERED = "in any order of words"
    OTHER_SALT_NAME = "with another name of its salt"
    WITHOUT_SALT = "without its salt or hydrate"
    WITHOUT_SUFFIX = "without its biosimilar suffix"
    WITHOUT_KIND = "without the word for its kind"


@dataclass(frozen=True)
class Words:
    """What `words.yaml` says. `forms` leads from each name of a salt or hydrate to the first name of its line."""

    forms: Mapping[str, str]
    stems: tuple[str, ...]
    spelling: Mapping[str, str]
    signs: Mapping[str, str]
    endings: Mapping[str, tuple[str, ...]]
    stops: frozenset[str]
    kinds: frozenset[str]
    opposites: tuple[tuple[str, str], ...]


@cache
def words() -> Words:
    """What is known of words."""
    raw = yaml.safe_load((files("equipoise.graph.linking") / "words.yaml").read_text(encoding="utf-8"))
    return Words(
        forms={name: line[0] for line in raw["forms"] for name in line},
        stems=tuple(raw["stems"]),
        spelling=raw["spelling"],
        signs=raw["signs"],
        endings={start: tuple(ends) for start, ends in raw["endings"].items()},
        stops=frozenset(raw["stops"]),
        kinds=frozenset(raw["kinds"]),
        opposites=tuple((first, second) for first, second in raw["opposites"]),
    )


def plain(name: str) -> str:
    """The name in small letters, each run of blanks as one."""
    return " ".join(name.casefold().split())


def key(name: str) -> str:
    """The key of a name: without accents, blanks, hyphens and the like, in American spelling.

    Blanks stay between two digits and beside a single letter, so that "1,12" is not "11,2", nor "vitamin S" vitamins;
    the sign of a rotation, (+) or (-), stays as a word.
    """
    return _joined(tokens(name))


def _joined(parts: Sequence[str]) -> str:
    return APART.sub("\n", " ".join(parts)).replace(" ", "").replace("\n", " ")


def words_key(name: str) -> str:
    """The key of a name whose words may stand in any order: its words, sorted, without articles and the like."""
    return " ".join(sorted(token for token in tokens(name) if token not in words().stops))


def tokens(name: str) -> list[str]:
    """The words and numbers of a name, in small letters, without accents and in one spelling."""
    text = name.casefold()
    for pattern, replacement in _replaced_signs():
        if pattern in text:
            text = text.replace(pattern, replacement)
    if not text.isascii():
        text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    for british, american in _spellings():
        if british in text:
            text = text.replace(british, american)
    return TOKEN.findall(POSSESSIVE.sub("", text))


def readings(name: str, *, local_name: str = "", chemical: bool) -> Iterator[tuple[Reading, str]]:
    """Every reading of a name with its key.

    `chemical` names are read with and without salts and suffixes, others in any order of words; `local_name` is that
    of the class whose name it is, for the endings that some ontologies put after every name.
    """
    for start, endings in words().endings.items():
        for ending in endings if local_name.startswith(start) else ():
            name = name.removesuffix(f" {ending}")
    parts = tokens(name)
    yield Reading.AS_IT_STANDS, _joined(parts)
    if parts and PLURAL.search(parts[-1]):
        yield Reading.SINGULAR, _joined([*parts[:-1], parts[-1][:-1]])
    yield from _chemical_readings(name) if chemical else _worded_readings(name)


def _chemical_readings(name: str) -> Iterator[tuple[Reading, str]]:
    lowered = plain(name)
    for count in (1, 2):
        base, form = _split_words(lowered, count)
        if base and form in words().forms:
            common = words().forms[form]
            yield Reading.WITHOUT_SALT, key(base)
            if common != form:
                yield Reading.OTHER_SALT_NAME, key(f"{base} {common}")
    if suffixed := BIOSIMILAR.match(lowered):
        yield Reading.WITHOUT_SUFFIX, key(suffixed[1])
    if (latin := LATIN.match(lowered)) and has_stem(latin[1]):
        yield Reading.LATIN, key(latin[1])


def _worded_readings(name: str) -> Iterator[tuple[Reading, str]]:
    parts = [token for token in tokens(name) if token not in words().stops]
    if len(parts) > 1:
        yield Reading.REORDERED, " ".join(sorted(parts))
        kept = sorted(part for part in parts if part not in words().kinds)
        if kept and len(kept) < len(parts):
            yield Reading.WITHOUT_KIND, " ".join(kept)
    elif parts:
        yield Reading.WITHOUT_KIND, parts[0]


def _split_words(name: str, count: int) -> tuple[str, str]:
    parts = name.split(" ")
    return " ".join(parts[:-count]), " ".join(parts[-count:])


def has_stem(name: str) -> bool:
    """Whether a name is one word with the end of an international non-proprietary name."""
    return name.isalpha() and name.endswith(words().stems)


def is_short_form(name: str) -> bool:
    """Whether a name is an abbreviation: few characters, most of them capital letters; `PI103` is a code name."""
    return len(name) <= LONGEST_SHORT_FORM and sum(map(str.isupper, name)) > max(1, sum(map(str.isdigit, name)))


def differ_in_meaning(one: str, other: str) -> str:
    """Why two names that are spelled nearly alike cannot mean the same; empty if nothing says so."""
    first, second = plain(one), plain(other)
    if DIGITS.findall(first) != DIGITS.findall(second):
        return "their numbers differ"
    if has_stem(first) and has_stem(second):
        return "two non-proprietary names are two substances"
    left, right = set(tokens(one)), set(tokens(other))
    for pair in words().opposites:
        for here, there in (pair, pair[::-1]):
            if any(_begins(word, here) for word in left - right) and any(_begins(word, there) for word in right - left):
                return f"{here} is not {there}"
    return ""


def _begins(word: str, beginning: str) -> bool:
    return word.startswith(beginning)


@cache
def _replaced_signs() -> tuple[tuple[str, str], ...]:
    return tuple(words().signs.items())


@cache
def _spellings() -> tuple[tuple[str, str], ...]:
    return tuple(words().spelling.items())
