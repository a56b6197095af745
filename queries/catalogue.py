"""The catalogue of questions: the `.rq` files of this folder with their headers.

A question is a SPARQL query that stands by itself; lines that start with `#+` are its header, in YAML: name,
description, parameters with their types, and defaults. One file is a query, an HTTP endpoint, a shell command and a
test.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import yaml

from equipoise.ontology.errors import UnknownNameError
from equipoise.ontology.terms import allowed_text

__all__ = ["Parameter", "ParameterType", "Question", "catalogue", "find_question", "parse_question"]

ParameterType = Literal["trial", "drug", "concept", "identifier", "iri", "string", "decimal", "integer"]
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
VARIABLE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Parameter:
    """What can be asked for: its name is a projected variable. A concept is a value of `scheme`."""

    name: str
    type: ParameterType
    description: str
    scheme: str | None = None
    required: bool = False
    default: str | None = None


@dataclass(frozen=True)
class Question:
    """A named query: what a clinician would ask, and the SPARQL that answers it."""

    name: str
    description: str
    text: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    @property
    def sparql(self) -> str:
        """The query without its header."""
        return "".join(line for line in self.text.splitlines(keepends=True) if not line.startswith("#+")).lstrip()


@cache
def catalogue() -> Mapping[str, Question]:
    """All questions by name, sorted. Raises ValueError if a header breaks the rules; a test holds that none does."""
    paths = sorted(files("equipoise.queries").iterdir(), key=lambda path: path.name.removesuffix(".rq"))
    texts = {
        path.name.removesuffix(".rq"): path.read_text(encoding="utf-8") for path in paths if path.name.endswith(".rq")
    }
    return {name: parse_question(name, text) for name, text in texts.items()}


def find_question(name: str) -> Question:
    """The question of that name. Raises UnknownNameError with the names there are."""
    questions = catalogue()
    if name not in questions:
        raise UnknownNameError("query", found=f"there is none called {name!r}", allowed=allowed_text(questions, name))
    return questions[name]


def parse_question(name: str, text: str) -> Question:
    """Read a question from its text. Raises ValueError with file and reason if the header breaks the rules."""
    header = "\n".join(line[2:] for line in text.splitlines() if line.startswith("#+"))
    try:
        fields = yaml.safe_load(header)
    except yaml.YAMLError as error:
        raise ValueError(f"{name}.rq: the header is not YAML: {error}") from error
    if not isinstance(fields, dict) or set(fields) - {"name", "description", "parameters", "defaults"}:
        raise ValueError(f"{name}.rq: the header may have name, description, parameters and defaults, and nothing else")
    if fields.get("name") != name or not NAME.fullmatch(name):
        raise ValueError(
            f"{name}.rq: the name is {fields.get('name')!r}; must be the file's own, in lower case with hyphens"
        )
    description = fields.get("description")
    if not isinstance(description, str) or not description.endswith("?"):
        raise ValueError(f"{name}.rq: the description is {description!r}; must be a question")
    given = fields.get("parameters") or {}
    defaults = {key: str(value) for key, value in (fields.get("defaults") or {}).items()}
    if unknown := set(defaults) - set(given):
        raise ValueError(f"{name}.rq: there are defaults for {', '.join(sorted(unknown))}; must be parameters")
    parameters = {key: _parameter(name, key, values, defaults.get(key)) for key, values in given.items()}
    return Question(name, description, text, parameters)


def _parameter(name: str, key: str, values: object, default: str | None) -> Parameter:
    if not isinstance(values, dict) or not VARIABLE.fullmatch(key):
        raise ValueError(f"{name}.rq: parameter {key!r} must be a variable's name with a type and a description")
    if unknown := set(values) - {"type", "description", "scheme", "required"}:
        raise ValueError(
            f"{name}.rq: parameter {key} has {', '.join(sorted(unknown))}; may have type, scheme, required"
        )
    if values.get("type") not in get_args(ParameterType):
        raise ValueError(
            f"{name}.rq: parameter {key}: type {allowed_text(get_args(ParameterType), str(values.get('type')))}"
        )
    if (values["type"] == "concept") != ("scheme" in values):
        raise ValueError(f"{name}.rq: parameter {key}: a concept, and nothing else, has a scheme")
    if not isinstance(values.get("description"), str):
        raise ValueError(f"{name}.rq: parameter {key} must have a description")
    return Parameter(
        name=key,
        type=values["type"],
        description=values["description"],
        scheme=values.get("scheme"),
        required=values.get("required") is True,
        default=default,
    )
