"""Promise: what the shared cases say of retries, waits, redirects, answers and redaction holds for the operator SDK too, with its root key
in the key's place. The kit's own tests judge the outcome; here they get other clients."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

import claviger_sdk as sdk
from cases import check_error, check_requests, milliseconds, plain, read_cases, snake
from conftest import KEY, Servers, servers  # noqa: F401
from secrecy import check_secrecy
from test_secrecy import ROOT_KEY

_OPTIONS = {"apiKey", "baseUrl", "headers", "timeoutMs", "maxRetries"}
_CALL_OPTIONS = {"query", "headers", "idempotencyKey", "maxRetries", "timeoutMs", "body"}


def _fits(case: dict[str, Any]) -> bool:
    """A definition or a variable is a vendor's; streams, exchanges and bodies that are sent once are the kit's own matter."""
    calls = [*case.get("calls", []), *([case["call"]] if "call" in case else [])]
    client = case.get("client", {})
    return (
        not any(name in case for name in ("definition", "environment", "usage", "secret", "connectionEnds"))
        and all(name in _OPTIONS and value is not None for name, value in client.items())
        and bool(calls)
        and all(set(call) <= _CALL_OPTIONS | {"method", "path"} for call in calls)
        and not any(word in json.dumps(case) for word in ("claviger-client", "API key", "apiKey"))
    )


def _with_root_key(case: dict[str, Any]) -> dict[str, Any]:
    rest = ROOT_KEY[1:]
    text = json.dumps(case).replace(KEY, ROOT_KEY).replace(f"u0061{KEY[1:]}", f"u0063{rest}").replace(KEY[1:], rest)
    changed: dict[str, Any] = json.loads(text)
    return changed


CASES = [_with_root_key(case) for case in read_cases() if _fits(case)]


def test_they_are_many() -> None:
    assert len(CASES) >= 100, len(CASES)


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("case", CASES, ids=[f"{case['file']}: {case['name']}" for case in CASES])
def test_case(case: dict[str, Any], kind: str, servers: Servers) -> None:  # noqa: F811
    servers.play(case.get("server", []))
    waits: list[float] = []
    options = _options_of(case, servers, waits, kind)
    outcomes: list[tuple[Any, Any]] = asyncio.run(_ask_async(case, options)) if kind == "async" else _ask(case, options)
    errors = case.get("errors") or ([case["error"]] if "error" in case else [])
    results = case.get("results") or ([case["result"]] if "result" in case else [])
    for index, (value, error) in enumerate(outcomes):
        expected = errors[index] if index < len(errors) else None
        if expected:
            check_error(error, expected)
        elif error is not None:
            raise error
        elif index < len(results):
            assert plain(value) == results[index]
    if "waitsMs" in case:
        assert [milliseconds(wait) for wait in waits] == case["waitsMs"]
    check_requests(case, servers)
    check_secrecy([error for _, error in outcomes], ROOT_KEY)


def _options_of(case: dict[str, Any], servers: Servers, waits: list[float], kind: str) -> dict[str, Any]:
    given = dict(case.get("client", {}))
    options: dict[str, Any] = {
        "root_key": given.pop("apiKey", ROOT_KEY),
        "url": given.pop("baseUrl", servers.here),
        "random": lambda: case.get("random", 0),
        "now": lambda: _seconds(case.get("now", "2026-01-01T00:00:00Z")),
    }
    if "timeoutMs" in given:
        options["timeout_seconds"] = given.pop("timeoutMs") / 1000

    async def sleep_async(seconds: float) -> None:
        waits.append(seconds)

    options["sleep"] = sleep_async if kind == "async" else waits.append
    return {**options, **{snake(name): value for name, value in given.items()}}


def _seconds(text: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def _calls_of(case: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    calls = []
    for call in case.get("calls") or [case["call"]]:
        named = {snake(name): value for name, value in call.items() if name not in ("method", "path", "timeoutMs")}
        if "timeoutMs" in call:
            named["timeout_seconds"] = call["timeoutMs"] / 1000
        calls.append((call["method"], call["path"], named))
    return calls


def _ask(case: dict[str, Any], options: dict[str, Any]) -> list[tuple[Any, Any]]:
    outcomes: list[tuple[Any, Any]] = []
    with httpx.Client(verify=False) as http_client:
        claviger = sdk.Claviger(http_client=http_client, **options)
        for method, path, named in _calls_of(case):
            try:
                outcomes.append((claviger.request(method, path, **named), None))
            except Exception as error:
                outcomes.append((None, error))
    return outcomes


async def _ask_async(case: dict[str, Any], options: dict[str, Any]) -> list[tuple[Any, Any]]:
    outcomes: list[tuple[Any, Any]] = []
    async with httpx.AsyncClient(verify=False) as http_client:
        claviger = sdk.AsyncClaviger(http_client=http_client, **options)
        for method, path, named in _calls_of(case):
            try:
                outcomes.append((await claviger.request(method, path, **named), None))
            except Exception as error:
                outcomes.append((None, error))
    return outcomes
