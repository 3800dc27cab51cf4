"""Keeps the key out of sight: as a value that shows nothing of itself, and out of what became part of an error."""

from __future__ import annotations

import json
import logging
from typing import Any, Optional
from urllib.parse import quote

import httpx

_MASK = "[redacted]"


class Secret:
    """A key that is shown by no representation and cannot be pickled, nor seen among the variables of a traceback."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    @classmethod
    def of(cls, value: Optional[str]) -> Optional[Secret]:
        return None if value is None else cls(value)

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return _MASK

    def __reduce__(self) -> str:
        raise TypeError("a key is not to be pickled or copied")


class Cause(Exception):
    """What a failure was caused by: name and words of the exception. The exception itself may hold the request, and the key."""


class Redact:
    """Takes the key out of what came from outside; may not touch what a call returns."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    def text(self, text: str) -> str:
        key = self._secret.reveal()
        return text.replace(key, _MASK).replace(quote(key, safe="-_.~!*'()"), _MASK)

    def json(self, value: Any) -> Any:
        """Strings at any depth, and names. Raises RecursionError for what is nested too deeply."""
        return json.loads(self.text(json.dumps(value, ensure_ascii=False)))

    def headers(self, headers: httpx.Headers) -> httpx.Headers:
        return httpx.Headers([(name, self.text(value)) for name, value in headers.multi_items()])

    def cause(self, error: Optional[BaseException], depth: int = 0) -> Optional[Cause]:
        if error is None or depth > 4:
            return None
        copy = Cause(self.text(f"{type(error).__name__}: {error}"))
        copy.__cause__ = self.cause(error.__cause__, depth + 1)
        return copy


class RedactingLogger(logging.LoggerAdapter):  # type: ignore[type-arg]  # generic from Python 3.11 on only
    """A logger for libraries that write headers into their log."""

    def __init__(self, logger: logging.Logger, redact: Redact) -> None:
        super().__init__(logger, {})
        self._redact = redact

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        if self.isEnabledFor(level):
            text = self._redact.text
            shown = [text(arg) if isinstance(arg, str) else arg for arg in args]
            super().log(level, text(msg) if isinstance(msg, str) else msg, *shown, **kwargs)
