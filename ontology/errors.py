"""Every error that Equipoise raises on purpose, with its exit code and HTTP status.

    EquipoiseError
    ├── RecordError        exit 1, no HTTP status: records are not read while serving
    │   ├── MappingError       likewise: a table of mappings cannot be used
    │   └── StudyError         likewise: a registry record cannot be mapped
    ├── ReasoningError     exit 1, no HTTP status: the ontology contradicts itself or a record
    ├── ReleaseError       exit 1 or 2, 503: there is no release, or it is damaged
    │   └── UnreachableError   the engine that holds it is away, for the moment perhaps
    ├── SettingError       exit 2, no HTTP status: a setting or an option has a bad value
    ├── QueryError         exit 2, 400: a query cannot be parsed or is not allowed
    ├── ParameterError     exit 2, 400: a parameter is unknown or has a bad value
    ├── UnknownNameError   exit 2, 404: a query, trial, drug or term that is not there
    ├── MembershipError    exit 1, 404: a thing is not in the class it was asked about
    ├── FormatError        exit 2, 406: an answer cannot be written in the format asked for
    ├── RequestError       exit 2, 4xx: a request does not follow the protocol
    ├── LimitError         exit 1, 503, 504 or 413: a query or a write passed a limit, or found no free worker
    ├── ServiceError       exit 1, 502: an endpoint that a query asks by SERVICE failed
    ├── LockError          exit 1, 503: another process is writing to the data folder
    ├── OntologyError      exit 1, 422: an external ontology cannot be brought in
    ├── RegistryError      exit 1, 422: records of the registry cannot be fetched
    ├── AccessError        no exit code of its own, 401 or 403: whoever asks may not
    └── ChangeError        exit 1, 422 or 403: a change would put something wrong in service, or may not be made

A message says where, what was found and what is allowed; the three parts are attributes too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = [
    "AccessError",
    "ChangeError",
    "EquipoiseError",
    "Fault",
    "FormatError",
    "LimitError",
    "LockError",
    "MappingError",
    "MembershipError",
    "OntologyError",
    "ParameterError",
    "QueryError",
    "ReasoningError",
    "RecordError",
    "RegistryError",
    "ReleaseError",
    "RequestError",
    "ServiceError",
    "SettingError",
    "StudyError",
    "UnknownNameError",
    "UnreachableError",
]


def _restore(cls: type["EquipoiseError"], args: tuple[Any, ...], state: dict[str, Any]) -> "EquipoiseError":
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class EquipoiseError(Exception):
    """The root: an error with a place, what was found there, and what is allowed."""

    exit_code = 2
    status = 500
    title = "Error"

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors cross from worker processes with all their parts."""
        return _restore, (type(self), self.args, self.__dict__)

    def __init__(self, where: str, *, found: str, allowed: str) -> None:
        self.where = where
        self.found = found
        self.allowed = allowed
        super().__init__(f"{where}: {found}; {allowed}" if allowed else f"{where}: {found}")


@dataclass(frozen=True)
class Fault:
    """One fault of a record: the field, its line (from 1; None where unknown), what was found and what is allowed."""

    field: str
    line: int | None
    found: str
    allowed: str

    def __str__(self) -> str:
        text = f"{self.field} {self.found}" if self.field else self.found
        return f"{text}; {self.allowed}" if self.allowed else text


class RecordError(EquipoiseError):
    """A curated record cannot be used; `faults` holds all that is wrong with it."""

    exit_code = 1
    title = "Record refused"

    def __init__(self, path: str, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        Exception.__init__(
            self,
            "\n".join(f"{path}:{fault.line}: {fault}" if fault.line else f"{path}: {fault}" for fault in self.faults),
        )
        self.where = path
        self.found = f"{len(self.faults)} fault(s)"
        self.allowed = "none"

    @classmethod
    def of_all(cls, errors: Sequence["RecordError"]) -> "RecordError":
        """One error for the faults of several records."""
        joined = cls(", ".join(error.where for error in errors), [fault for error in errors for fault in error.faults])
        joined.args = ("\n".join(str(error) for error in errors),)
        return joined


class MappingError(RecordError):
    """A table of mappings cannot be used; the field of a fault is a column, or a slot of the header."""

    title = "Mappings refused"


class StudyError(RecordError):
    """A registry record cannot be mapped: it is no study, or a value has another type than its field."""

    title = "Registry record refused"


class ReasoningError(EquipoiseError):
    """The ontology, or the ontology with the records, is inconsistent."""

    exit_code = 1
    title = "Inconsistent"


class ReleaseError(EquipoiseError):
    """There is no release to open, or its files are not what its manifest says."""

    exit_code = 2
    status = 503
    title = "No release"


class UnreachableError(ReleaseError):
    """The engine that holds the release cannot be reached, or fails; it may be back in a moment."""


class SettingError(EquipoiseError):
    """A setting or an option has a value that is not allowed."""

    title = "Bad setting"


class QueryError(EquipoiseError):
    """A SPARQL query cannot be parsed, or asks for something that is switched off."""

    status = 400
    title = "Query refused"


class ParameterError(EquipoiseError):
    """A parameter of a query is unknown, missing, or has a value of the wrong type."""

    status = 400
    title = "Bad parameter"


class UnknownNameError(EquipoiseError):
    """Nothing of that name exists in this release."""

    status = 404
    title = "Not found"


class MembershipError(EquipoiseError):
    """A thing is not in the class of which it was asked why it is there."""

    exit_code = 1
    status = 404
    title = "Not a member"


class FormatError(EquipoiseError):
    """An answer cannot be written in the format asked for."""

    status = 406
    title = "Format not available"


class RequestError(EquipoiseError):
    """An HTTP request does not follow the protocol; `status` says how."""

    title = "Bad request"

    def __init__(self, where: str, *, found: str, allowed: str, status: int = 400) -> None:
        super().__init__(where, found=found, allowed=allowed)
        self.status = status


class LimitError(EquipoiseError):
    """A query passed a limit of time (504), memory (503) or size (413), or found no free worker (503).

    `retry_seconds` says after how long it may be asked again; None where that would not help.
    """

    exit_code = 1
    title = "Limit passed"

    def __init__(
        self, where: str, *, found: str, allowed: str, status: int = 503, retry_seconds: int | None = None
    ) -> None:
        super().__init__(where, found=found, allowed=allowed)
        self.status = status
        self.retry_seconds = retry_seconds


class ServiceError(EquipoiseError):
    """An endpoint elsewhere, which a query asks by SERVICE, failed; `where` is its IRI."""

    exit_code = 1
    status = 502
    title = "Service failed"


class LockError(EquipoiseError):
    """Another process is writing to the data folder. Nothing is wrong with what was asked; it can be asked again."""

    exit_code = 1
    status = 503
    title = "Locked"
    retry_seconds = 5


class OntologyError(EquipoiseError):
    """An external ontology cannot be brought in; `where` is its file, with the line where it is known."""

    exit_code = 1
    status = 422
    title = "Ontology refused"


class RegistryError(EquipoiseError):
    """Records of the registry cannot be fetched; `where` is the address or the folder."""

    exit_code = 1
    status = 422
    title = "Registry records refused"


class AccessError(EquipoiseError):
    """Whoever asks has not shown that they may (401), or nobody may (403)."""

    title = "Not allowed"

    def __init__(self, where: str, *, found: str, allowed: str, status: int) -> None:
        super().__init__(where, found=found, allowed=allowed)
        self.status = status


class ChangeError(EquipoiseError):
    """A change to a release is refused: `faults` says what would be wrong after it (422; 403 if never allowed)."""

    exit_code = 1
    title = "Change refused"

    def __init__(self, where: str, *, found: str, allowed: str, faults: Sequence[str] = (), status: int = 422) -> None:
        super().__init__(where, found=found, allowed=allowed)
        self.faults = tuple(faults)
        self.status = status
        self.args = ("\n".join([self.args[0], *faults]),)
