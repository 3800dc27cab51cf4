"""All that a client goes by, settled once before anything is sent: key, base URL, headers, limits. No message repeats the key."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Callable, Optional

import httpx

from ._definition import Definition
from ._errors import ConfigurationError
from ._key_format import key_problem
from ._redact import Redact, Secret

USER_AGENT = "claviger-client-python/0.1.0"


@dataclass(frozen=True)
class Settings:
    """``base_url`` is without a final slash; ``random`` is at least 0 and below 1; ``now`` is seconds since 1970."""

    key: Secret
    #: Name of the header, and what stands before the key in it.
    credential: tuple[str, str]
    base_url: str
    headers: httpx.Headers
    timeout_seconds: float
    max_retries: int
    redact: Redact
    random: Callable[[], float]
    now: Callable[[], float]


def settle(
    definition: Definition,
    *,
    api_key: Optional[Secret],
    base_url: Optional[Secret],
    headers: Optional[Mapping[str, str]],
    timeout_seconds: Optional[float],
    max_retries: Optional[int],
    dangerously_allow_browser: bool,
    random: Callable[[], float],
    now: Callable[[], float],
) -> Settings:
    """Raises ConfigurationError: in a browser, without a key, with one that cannot be right, or for a base URL that is none."""
    # Pyodide: Python in a page.
    if sys.platform == "emscripten" and not dangerously_allow_browser:
        raise ConfigurationError(
            f"The {definition.name} client is for servers: elsewhere users read its key (dangerously_allow_browser)."
        )
    key, region_url = _settle_key(definition, api_key)
    variable = definition.base_url_environment_variable
    address = (
        base_url or Secret.of(variable and _read_environment(variable)) or Secret(region_url or definition.base_url)
    )
    every = httpx.Headers({"accept": "*/*", "accept-encoding": "gzip, deflate", "user-agent": USER_AGENT})
    for more in (definition.headers, headers or {}):
        every.update(more)
    return Settings(
        key=key,
        credential=(definition.key_header, "") if definition.key_header else ("Authorization", "Bearer "),
        base_url=_check_base_url(address),
        headers=every,
        timeout_seconds=definition.timeout_seconds if timeout_seconds is None else timeout_seconds,
        max_retries=definition.max_retries if max_retries is None else max_retries,
        redact=Redact(key),
        random=random,
        now=now,
    )


def _read_environment(name: str) -> Optional[str]:
    """Trimmed, because files of variables often end in a line break; None when empty or absent."""
    return os.environ.get(name, "").strip() or None


def _settle_key(definition: Definition, api_key: Optional[Secret]) -> tuple[Secret, Optional[str]]:
    """The key without its prefix, and the base URL of its region."""
    name, variable = definition.name, definition.environment_variable
    given = api_key or Secret.of(_read_environment(variable))
    if given is None:
        raise ConfigurationError(f"No {name} API key: pass api_key or set {variable}.")
    prefixes = sorted(definition.regions, key=len, reverse=True)
    prefix = next((one for one in prefixes if given.reveal().startswith(one)), "")
    key = Secret(given.reveal()[len(prefix) :])
    problem = key_problem(key.reveal(), definition.key_format)
    if problem is not None:
        source = f"in {variable}" if api_key is None else "passed as api_key"
        raise ConfigurationError(f"The {name} API key {source} {problem}.")
    return key, definition.regions[prefix].base_url if prefix else None


def _check_base_url(address: Secret) -> str:
    # The text is not repeated: it may be a key in the wrong place.
    if not re.fullmatch(r"https?://[^\s@?#\\]+", address.reveal(), re.IGNORECASE):
        raise ConfigurationError("The base URL is no plain http or https URL.")
    return address.reveal().rstrip("/")
