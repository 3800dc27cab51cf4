"""Makes a call's request once, before its first attempt: method, address, headers, body. It sends nothing."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional
from urllib.parse import urlencode

import httpx

from ._definition import CallOptions, Query
from ._settings import Settings

#: No slash at the beginning, or characters and dot segments by which a path could mean another than the one that was written.
_UNCLEAR = re.compile(r"(?!/)|.*[\s\\#\x00-\x1f\x7f-\x9f]|[^?]*/(\.|%2e){1,2}([/?]|$)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Outgoing:
    """A request without its credential.

    ``content`` holds the arguments of httpx.Request that make the body. ``is_replayable`` is False for streams, which can be sent
    once; ``is_safe_to_repeat`` says whether a second arrival does no harm: an idempotent method, or an Idempotency-Key.
    """

    method: str
    url: httpx.URL
    headers: httpx.Headers
    content: Mapping[str, Any]
    is_replayable: bool
    is_safe_to_repeat: bool


def address_of(base_url: str, path: str, query: Optional[Query] = None) -> httpx.URL:
    """The URL of a path below the base. Raises TypeError for a path that does not begin with a slash or has two readings."""
    if _UNCLEAR.match(path):
        raise TypeError('A path begins with "/" and has no dot segments: use urllib.parse.quote(part, safe="").')
    pairs = [(name, _text_of(value)) for name, value in _flat(query or {}) if value is not None]
    if not pairs:
        return httpx.URL(base_url + path)
    return httpx.URL(f"{base_url}{path}{'&' if '?' in path else '?'}{urlencode(pairs)}")


def _flat(query: Query) -> list[tuple[str, Any]]:
    return [
        (name, one) for name, value in query.items() for one in (value if isinstance(value, (list, tuple)) else [value])
    ]


def _text_of(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def prepare(settings: Settings, verb: str, path: str, options: CallOptions) -> Outgoing:
    """Raises TypeError for what no server could understand: such a call is a mistake in the program."""
    method = verb.upper()
    url = address_of(settings.base_url, path, options.query)
    headers = settings.headers.copy()
    if options.stream == "events":
        headers["accept"] = "text/event-stream"
    headers.update(options.headers or {})
    has_body = options.body is not None or options.files is not None
    if has_body and method in ("GET", "HEAD"):
        raise TypeError(f"{method} takes no body.")
    content, content_type = _encode(options.body, options.files)
    if content_type is not None:
        headers.setdefault("content-type", content_type)
    # draft-ietf-httpapi-idempotency-key-header: for the methods that are not idempotent (RFC 9110 section 9.2.2).
    is_idempotent = method not in ("POST", "PATCH")
    needs_one = not is_idempotent and "idempotency-key" not in headers
    made = str(uuid.uuid4()) if needs_one else None
    idempotency_key = made if options.idempotency_key is None else options.idempotency_key
    if idempotency_key:
        headers["idempotency-key"] = idempotency_key
    return Outgoing(
        method=method,
        url=url,
        headers=headers,
        content=content,
        is_replayable=not _is_stream(options.body),
        is_safe_to_repeat=is_idempotent or "idempotency-key" in headers,
    )


def _is_stream(body: Any) -> bool:
    """A file, an iterator or something asynchronous: it can be sent once."""
    return any(hasattr(body, name) for name in ("__next__", "__aiter__"))


def _encode(body: Any, files: Any) -> tuple[Mapping[str, Any], Optional[str]]:
    """The arguments of httpx.Request for a body, and the type that it does not set by itself."""
    if files is not None:
        return {"data": body, "files": files}, None
    if body is None:
        return {}, None
    if isinstance(body, str):
        return {"content": body.encode()}, "text/plain;charset=UTF-8"
    if isinstance(body, (bytes, bytearray, memoryview)):
        return {"content": bytes(body)}, None
    if _is_stream(body):
        return {"content": body}, None
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return {"content": text.encode()}, "application/json"
