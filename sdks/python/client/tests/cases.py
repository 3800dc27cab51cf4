"""Reads the shared cases and says where an outcome differs from what a case expects. It calls nothing."""

from __future__ import annotations

import base64
import builtins
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any, Optional
from urllib.parse import parse_qs, urlsplit

import claviger_client as kit
from conftest import KEY, SERVERS, Servers

FOLDER = Path(__file__).resolve().parents[3] / "conformance"


def read_cases() -> list[dict[str, Any]]:
    here = SERVERS.here
    words = {
        "here": here,
        "there": SERVERS.there,
        "thereHost": urlsplit(SERVERS.there).netloc,
        "localhost": here.replace("127.0.0.1", "localhost"),
        "nowhere": SERVERS.nowhere,
        "key": KEY,
        "keyRest": KEY[1:],
    }
    cases: list[dict[str, Any]] = []
    for path in sorted(FOLDER.glob("*.json")):
        text = re.sub(r"\{(\w+)\}", lambda match: words.get(match[1], match[0]), path.read_text(encoding="utf-8"))
        file = json.loads(text)
        shared = {"now": file["now"]} if "now" in file else {}
        cases += [{**shared, **case, "file": path.stem} for case in file["cases"]]
    return cases


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", lambda match: "_" + match[1].lower(), name)


def plain(value: Any) -> Any:
    """As the cases write it."""
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"
    if isinstance(value, kit.ServerSentEvent):
        return vars(value)
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, kit.Limit):
        return usage_of(value)
    return value


_SPELLING = {"reset_at": "resetAt", "window_seconds": "windowSeconds"}


def usage_of(value: Optional[kit.Limit]) -> Any:
    if value is None:
        return None
    fields = {_SPELLING.get(name, name): plain(one) for name, one in vars(value).items() if one is not None}
    if "retry_after_seconds" in fields:
        fields["retryAfterMs"] = milliseconds(fields.pop("retry_after_seconds"))
    return fields


def milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 6)


def check_error(error: Optional[BaseException], expected: dict[str, Any]) -> None:
    assert error is not None, "no error"
    expected = dict(expected)
    name = expected.pop("type", None)
    if name is not None:
        assert type(error) is getattr(kit, name, getattr(builtins, name, None)), repr(error)
    for parent in expected.pop("is", []):
        assert isinstance(error, getattr(kit, parent))
    message = expected.pop("message", None)
    assert message is None or str(error) == message
    pattern = expected.pop("messageMatches", None)
    assert pattern is None or re.search(pattern, str(error)), str(error)
    if not isinstance(error, kit.ApiError):
        assert expected == {}
        return
    low, high = expected.pop("bodyLength", (0, 10**9))
    assert low <= len(str(error.body)) <= high
    for header, value in expected.pop("headers", {}).items():
        assert error.headers is not None and error.headers.get(header) == value
    if "remaining" in expected:
        assert error.usage is not None and error.usage.remaining == expected.pop("remaining")
    if "retryAfterMs" in expected:
        assert error.retry_after_seconds is not None
        assert milliseconds(error.retry_after_seconds) == expected.pop("retryAfterMs")
    for field, value in expected.items():
        assert plain(getattr(error, snake(field))) == value, field


def check_requests(case: dict[str, Any], servers: Servers) -> None:
    seen = servers.seen()
    while case.get("connectionEnds") and not seen[0]["isAbandoned"]:
        seen = servers.seen()
    assert case.get("requestCount", len(seen)) == len(seen)
    for rule in ("sameHeader", "differentHeader"):
        if rule in case:
            values = [request["headers"].get(case[rule]) for request in seen]
            assert all(values)
            assert len(set(values)) == (1 if rule == "sameHeader" else len(values))
    if "requests" in case:
        assert len(seen) == len(case["requests"]), [request["target"] for request in seen]
        for request, expected in zip(seen, case["requests"]):
            _check_request(request, expected)


def _check_request(found: dict[str, Any], expected: dict[str, Any]) -> None:
    body = base64.b64decode(found["base64"])
    # Not urlsplit on the target alone: it would take `//x` for a host.
    url = urlsplit(f"http://x{found['target']}")
    facts = {
        **found,
        "path": url.path,
        "query": parse_qs(url.query, keep_blank_values=True),
        "body": body.decode("utf-8", "replace"),
    }
    for field, value in expected.items():
        if field == "json":
            assert json.loads(body) == value
        elif field == "headers":
            for name, text in value.items():
                header = found["headers"].get(name)
                if isinstance(text, dict):
                    assert re.search(text["matches"], header or ""), name
                else:
                    assert header == text, name
        else:
            assert facts[field] == value, field
