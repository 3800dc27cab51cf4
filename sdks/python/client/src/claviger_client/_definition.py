"""What a vendor says of its API, and what a caller may choose for one call; shapes only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Optional, Union

StreamKind = Literal["bytes", "lines", "events"]
QueryValue = Union[str, int, float, bool, None]
Query = Mapping[str, Union[QueryValue, Sequence[QueryValue]]]


@dataclass(frozen=True)
class KeyTemplate:
    """A template such as ``acme_{env}_{id:8}_{secret:32}``, whose last six characters may be no checksum."""

    template: str
    checksum: Literal["crc32", "none"] = "crc32"


#: A template with a checksum, one with its particulars, or a pattern for the whole key.
KeyFormat = Union[str, KeyTemplate, "re.Pattern[str]"]


@dataclass(frozen=True)
class Region:
    """Where the keys go that ask for it."""

    base_url: str


@dataclass(frozen=True)
class Definition:
    """A vendor's API.

    ``environment_variable`` is read when no key is passed, ``base_url_environment_variable`` when no base URL is; the latter
    goes before a region. ``regions`` are by the prefix that asks for them, such as ``eu-``: it is taken off the key. A key that
    fits no ``key_format`` is refused before anything is sent. ``key_header`` is one whose whole value is the key, instead of
    ``Authorization: Bearer``. ``headers`` are sent with every request, and are the place for a User-Agent of the vendor's own.
    """

    name: str
    environment_variable: str
    base_url: str
    base_url_environment_variable: Optional[str] = None
    regions: Mapping[str, Region] = field(default_factory=dict)
    key_format: Union[KeyFormat, Sequence[KeyFormat], None] = None
    key_header: Optional[str] = None
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: float = 60.0
    max_retries: int = 2


@dataclass(frozen=True)
class CallOptions:
    """One call's own choices; None where it has none."""

    body: Any = None
    files: Any = None
    query: Optional[Query] = None
    headers: Optional[Mapping[str, str]] = None
    stream: Optional[StreamKind] = None
    idempotency_key: Optional[str] = None
    timeout_seconds: Optional[float] = None
    max_retries: Optional[int] = None
