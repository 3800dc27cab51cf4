"""Promise: both Python clients do what the shared cases say, against a real server, and show the key nowhere."""

from __future__ import annotations

import asyncio
import base64
import logging
import re
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any, Callable, Optional, Union

import httpx
import pytest

import claviger_client as kit
from cases import check_error, check_requests, milliseconds, plain, read_cases, snake, usage_of
from conftest import KEY, SERVERS, Servers
from secrecy import Log, check_secrecy

Clients = Union[kit.Client, kit.AsyncClient]
#: Value, error, stream.
Outcome = tuple[Any, Optional[Exception], Any]

CASES = read_cases()


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("case", CASES, ids=[f"{case['file']}: {case['name']}" for case in CASES])
def test_case(case: dict[str, Any], kind: str, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    servers.play(case.get("server", []))
    for name in ("ACME_API_KEY", "ACME_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in case.get("environment", {}).items():
        monkeypatch.setenv(name, value)
    log = Log()
    logging.getLogger().addHandler(log)
    logging.getLogger().setLevel(logging.DEBUG)
    waits: list[float] = []
    try:
        client, outcomes = (_run_sync if kind == "sync" else _run_async)(case, waits)
    finally:
        logging.getLogger().removeHandler(log)
    _check_outcomes(case, outcomes)
    if "waitsMs" in case:
        assert [milliseconds(wait) for wait in waits] == case["waitsMs"]
    if "usage" in case:
        assert usage_of(client.usage if client else None) == case["usage"]
    check_requests(case, servers)
    shown = [client, log.lines, client and client.usage]
    check_secrecy([*shown, *(one for _, *rest in outcomes for one in rest)], case.get("secret", KEY))


def _run_sync(case: dict[str, Any], waits: list[float]) -> tuple[Optional[kit.Client], list[Outcome]]:
    class Acme(kit.Client):
        definition = _definition(case)

    def sleep(seconds: float) -> None:
        waits.append(seconds)

    # Without certificates, whose loading would take longer than the case.
    http_client = httpx.Client(verify=False)

    try:
        client = Acme(sleep=sleep, http_client=http_client, **_options(case))
    except kit.ClientError as error:
        return None, [(None, error, None)]
    with http_client:
        return client, [_outcome_sync(client, call) for call in _calls(case)]


def _run_async(case: dict[str, Any], waits: list[float]) -> tuple[Optional[kit.AsyncClient], list[Outcome]]:
    class Acme(kit.AsyncClient):
        definition = _definition(case)

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    http_client = httpx.AsyncClient(verify=False)

    async def run() -> tuple[Optional[kit.AsyncClient], list[Outcome]]:
        try:
            client = Acme(sleep=sleep, http_client=http_client, **_options(case))
        except kit.ClientError as error:
            return None, [(None, error, None)]
        async with http_client:
            outcomes = [await _outcome_async(client, call) for call in _calls(case)]
            # A stream that was left in its loop is closed by the event loop a turn later.
            await asyncio.sleep(0)
            return client, outcomes

    return asyncio.run(run())


def _definition(case: dict[str, Any]) -> kit.Definition:
    fields: dict[str, Any] = {
        "name": "Acme",
        "environmentVariable": "ACME_API_KEY",
        "baseUrl": "{here}",
        "keyFormat": "acme_{secret:40}",
        **case.get("definition", {}),
    }
    if fields["baseUrl"] == "{here}":
        fields["baseUrl"] = SERVERS.here
    if "regions" in fields:
        fields["regions"] = {name: kit.Region(one["baseUrl"]) for name, one in fields["regions"].items()}
    formats = fields["keyFormat"]
    fields["keyFormat"] = [_format(one) for one in formats] if isinstance(formats, list) else _format(formats)
    return kit.Definition(**_spelled(fields))


def _format(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return re.compile(value["pattern"]) if "pattern" in value else kit.KeyTemplate(**value)


def _spelled(fields: dict[str, Any]) -> dict[str, Any]:
    """In the spelling and the units of Python, without what is null."""
    present = {snake(name): value for name, value in fields.items() if value is not None}
    if "timeout_ms" in present:
        present["timeout_seconds"] = present.pop("timeout_ms") / 1000
    return present


def _options(case: dict[str, Any]) -> dict[str, Any]:
    now = datetime.fromisoformat(case.get("now", "2026-01-01T00:00:00Z").replace("Z", "+00:00")).timestamp()
    return {
        **_spelled({"apiKey": KEY, **case.get("client", {})}),
        "random": lambda: case.get("random", 0),
        "now": lambda: now,
    }


def _calls(case: dict[str, Any]) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = case.get("calls") or ([case["call"]] if "call" in case else [])
    return calls


def _arguments(call: dict[str, Any], stream_of: Callable[[list[str]], Any]) -> dict[str, Any]:
    arguments = dict(call)
    for name in ("exchange", "take"):
        arguments.pop(name, None)
    if "bytes" in arguments:
        arguments["body"] = base64.b64decode(arguments.pop("bytes"))
    if "bodyStream" in arguments:
        arguments["body"] = stream_of(arguments.pop("bodyStream"))
    return _spelled(arguments)


def _facts(answer: kit.Answer) -> dict[str, Any]:
    return {
        "status": answer.status,
        "requestId": answer.request_id,
        "header": answer.headers.get("x-other"),
        "remaining": answer.usage.remaining,
        "body": answer.body,
    }


def _joined(call: dict[str, Any], items: list[Any]) -> Any:
    return b"".join(items) if call["stream"] == "bytes" else items


def _outcome_sync(client: kit.Client, call: dict[str, Any]) -> Outcome:
    def stream_of(texts: list[str]) -> Iterator[bytes]:
        yield from (text.encode() for text in texts)

    items: list[Any] = []
    stream: Any = None
    try:
        arguments = _arguments(call, stream_of)
        if call.get("exchange"):
            return _facts(client.exchange(**arguments)), None, None
        value = client.request(**arguments)
        if "stream" not in call:
            return value, None, None
        stream = value
        for item in stream:
            items.append(item)
            if len(items) == call.get("take"):
                break
        return _joined(call, items), None, stream
    except Exception as error:
        return items, error, stream


async def _outcome_async(client: kit.AsyncClient, call: dict[str, Any]) -> Outcome:
    async def stream_of(texts: list[str]) -> AsyncIterator[bytes]:
        for text in texts:
            yield text.encode()

    items: list[Any] = []
    stream: Any = None
    try:
        arguments = _arguments(call, stream_of)
        if call.get("exchange"):
            return _facts(await client.exchange(**arguments)), None, None
        value = await client.request(**arguments)
        if "stream" not in call:
            return value, None, None
        stream = value
        async for item in stream:
            items.append(item)
            if len(items) == call.get("take"):
                break
        return _joined(call, items), None, stream
    except Exception as error:
        return items, error, stream


def _check_outcomes(case: dict[str, Any], outcomes: list[Outcome]) -> None:
    errors = case.get("errors") or ([case["error"]] if "error" in case else [])
    results = case.get("results") or ([case["result"]] if "result" in case else [])
    assert len(outcomes) >= max(len(errors), len(results))
    for index, (value, error, stream) in enumerate(outcomes):
        expected = errors[index] if index < len(errors) else None
        if expected is not None:
            check_error(error, expected)
        elif error is not None:
            raise error
        elif index < len(results):
            assert plain(value) == results[index]
        if "items" in case:
            assert value == case["items"]
        if "stream" in case:
            facts = {"status": stream.status, "requestId": stream.request_id, "remaining": stream.usage.remaining}
            assert facts == case["stream"]


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 200
    assert len({(case["file"], case["name"]) for case in CASES}) == len(CASES)


def test_both_clients_have_the_same_methods() -> None:
    def methods(one: type) -> set[str]:
        return {name for name in dir(one) if not name.startswith("_")}

    assert methods(kit.Client) == methods(kit.AsyncClient)
