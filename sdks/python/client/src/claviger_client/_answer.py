"""Makes of an answer's body what a caller gets, and an error of an answer that is no success; a body that is not what it says
never hides the status."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn, Optional

import httpx

from ._errors import ApiError, error_class_of
from ._redact import Redact
from ._usage import Usage

#: Of an error's body, in characters; what comes after the chunk that passes it is not read.
_MAX_ERROR_LENGTH = 1_000_000

_JSON_TYPE = re.compile(r"[^;]*[/+]json\s*(;|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Facts:
    """What is told of every answer."""

    status: int
    headers: httpx.Headers
    request_id: Optional[str]
    usage: Usage


@dataclass(frozen=True)
class Answer(Facts):
    """``body`` is JSON parsed, ``text/*`` as text, anything else as bytes; None when there is none."""

    body: Any


class Whole:
    """Takes a body whole."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def feed(self, chunk: bytes) -> bool:
        self._pieces.append(chunk)
        return True

    @property
    def content(self) -> bytes:
        return b"".join(self._pieces)


class Excerpt:
    """Takes text until there is enough of it. What breaks off in the middle of a character ends before it."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self.text = ""

    def feed(self, chunk: bytes) -> bool:
        self.text += self._decoder.decode(chunk)
        return len(self.text) < _MAX_ERROR_LENGTH


def body_of(content: bytes, facts: Facts, redact: Redact) -> Any:
    """The body of a success, or an ApiError when it is called JSON and is not. Given and not raised: here is the body as it came."""
    if not content:
        return None
    content_type = facts.headers.get("content-type", "")
    is_json = _JSON_TYPE.match(content_type)
    if not is_json and not content_type.lower().startswith("text/"):
        return content
    text = content.decode("utf-8-sig", "replace")
    if not is_json:
        return text
    try:
        return parse_json(text)
    except (ValueError, RecursionError):
        message = f"{facts.status} The answer is not the JSON it says."
        return ApiError(message, **vars(facts), body=redact.text(text))


def parse_json(text: str) -> Any:
    """As RFC 8259 has it: without NaN and Infinity, which Python would read. Raises ValueError, or RecursionError."""
    return json.loads(text, parse_constant=_refuse)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def error_of(text: str, facts: Facts, redact: Redact, refusal: Optional[str] = None) -> ApiError:
    """The error for an answer that is no success, of what came of its body."""
    body: Any = redact.text(text) or None
    try:
        body = redact.json(parse_json(text))
    except (ValueError, RecursionError):
        pass  # Then its text will have to do.
    code, message = _words_of(body)
    words = f"The redirect is not followed: {refusal}." if refusal else message or "The answer gives no reason."
    return error_class_of(facts.status)(f"{facts.status} {words}", **vars(facts), body=body, code=code)


def _words_of(body: Any) -> tuple[Optional[str], Optional[str]]:
    """Of ``{error:{code,message}}``, ``{error,error_description}`` (RFC 6749), ``{code,message}`` and problem details (RFC 9457)."""
    outer = body if isinstance(body, dict) else {}
    inner = outer.get("error")
    fields = {**outer, **(inner if isinstance(inner, dict) else {})}

    def first(form: str, *names: str) -> Optional[str]:
        values = [fields.get(name) for name in names]
        texts = [str(value) for value in values if isinstance(value, (str, int, float)) and not isinstance(value, bool)]
        return next((text for text in texts if re.search(form, text)), None)

    code = first(r"^\S+\Z", "code", "type", "error")
    return code, first(r"\S", "message", "detail", "error_description", "title", "error")
