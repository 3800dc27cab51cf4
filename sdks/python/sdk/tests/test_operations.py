"""Promise: there is a method for every operation, each does what it says against a real server, synchronously and asynchronously, and a
denial is a value."""

from __future__ import annotations

import asyncio
import json
import os
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from datetime import datetime, timezone
from itertools import islice
from typing import Any, Callable, Optional

import httpx
import pytest

import claviger_sdk as sdk
from story import STORY, accept_invitation, arguments_of, check_holds, filled, pick, snake

SERVERS: dict[str, dict[str, Any]] = json.loads(os.environ["CLAVIGER_OPERATED"])

#: Of openapi.json, those that are for root keys.
OPERATION_IDS: list[str] = json.loads(os.environ["CLAVIGER_OPERATIONS"])

#: Seconds between one telling of a step and the next, where it is told again and again.
BETWEEN = 0.1

#: Calls one step and gives its result.
Tell = Callable[[dict[str, Any]], Any]


@pytest.mark.parametrize("client", [sdk.Claviger, sdk.AsyncClaviger])
def test_no_operation_is_without_a_method_or_a_step(client: type) -> None:
    called = {step["call"] for step in STORY["steps"]}
    assert len(OPERATION_IDS) > 50
    for name in OPERATION_IDS:
        assert callable(getattr(client, snake(name), None)), f"no method {snake(name)}: npm run generate"
        assert name in called, f"no step calls {name}: sdks/operations/every-operation.json"
    for name in called:
        assert callable(getattr(client, snake(name), None)), snake(name)


def _go(tell: Tell) -> None:
    words = {"project": STORY["project"], "month": datetime.now(timezone.utc).strftime("%Y-%m")}
    for index, raw in enumerate(STORY["steps"]):
        step = filled(raw, words)
        where = f"step {index + 1}, {step['call']}"
        denied = step.get("denied")
        if "accept" in step:
            accept_invitation(step["accept"])
        try:
            result = tell(step)
        except sdk.ApiError as error:
            problem = sdk.problem_of(error)
            assert denied is not None and problem is not None, (where, error)
            assert {"status": problem["status"], "code": problem["code"]} == denied, where
            assert error.code == denied["code"]
            continue
        assert denied is None, where
        if "expect" in step:
            check_holds(result, step["expect"], where)
        for name, place in step.get("save", {}).items():
            words[name] = pick(result, place)


def _tell(claviger: sdk.Claviger, step: dict[str, Any]) -> Any:
    positional, named = arguments_of(step)
    result = getattr(claviger, snake(step["call"]))(*positional, **named)
    if not hasattr(result, "__next__"):
        return result

    def items() -> list[Any]:
        with closing(result):
            return list(islice(result, step.get("take")))

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(items)
        while "meanwhile" in step and not running.done():
            _tell(claviger, step["meanwhile"])
            wait([running], BETWEEN)
        return {"items": running.result()}


def test_the_story_goes_as_it_is_told() -> None:
    with sdk.Claviger(**SERVERS["sync"], sleep=lambda seconds: None) as claviger:

        def tell(step: dict[str, Any]) -> Any:
            if "at" not in step:
                return _tell(claviger, step)
            with sdk.Claviger(**{**SERVERS["sync"], "url": step["at"]}) as elsewhere:
                return _tell(elsewhere, step)

        _go(tell)


async def _no_wait(seconds: float) -> None:
    pass


async def _items(result: Any, most: Optional[int]) -> list[Any]:
    items = []
    async for one in result:
        items.append(one)
        if len(items) == most:
            break
    await result.aclose()
    return items


async def _tell_async(claviger: sdk.AsyncClaviger, step: dict[str, Any]) -> Any:
    positional, named = arguments_of(step)
    result = getattr(claviger, snake(step["call"]))(*positional, **named)
    if not hasattr(result, "__anext__"):
        return await result
    running = asyncio.ensure_future(_items(result, step.get("take")))
    while "meanwhile" in step and not running.done():
        await _tell_async(claviger, step["meanwhile"])
        await asyncio.wait([running], timeout=BETWEEN)
    return {"items": await running}


def test_the_story_goes_as_it_is_told_asynchronously() -> None:
    loop = asyncio.new_event_loop()
    try:
        claviger = sdk.AsyncClaviger(**SERVERS["async"], sleep=_no_wait)

        async def tell(step: dict[str, Any]) -> Any:
            if "at" not in step:
                return await _tell_async(claviger, step)
            async with sdk.AsyncClaviger(**{**SERVERS["async"], "url": step["at"]}) as elsewhere:
                return await _tell_async(elsewhere, step)

        _go(lambda step: loop.run_until_complete(tell(step)))
        loop.run_until_complete(claviger.close())
    finally:
        loop.close()


def _with(answer: Callable[[httpx.Request], httpx.Response]) -> sdk.Claviger:
    client = httpx.Client(transport=httpx.MockTransport(answer))
    return sdk.Claviger(**SERVERS["sync"], http_client=client, sleep=lambda seconds: None)


def test_a_question_that_spends_is_not_asked_again() -> None:
    seen: list[httpx.Request] = []

    def lose(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        raise httpx.ReadError("lost")

    claviger = _with(lose)
    with pytest.raises(sdk.ConnectionError):
        claviger.verify_key({"project": "acme", "key": "x", "cost": 5})
    assert len(seen) == 1 and "idempotency-key" not in seen[0].headers
    with pytest.raises(sdk.ConnectionError):
        claviger.change_credits("acme", "acc_1", {"amount": 5})
    assert len(seen) == 4
    assert len({request.headers["idempotency-key"] for request in seen[1:]}) == 1


def test_what_is_not_ready_is_a_value_told_at_once() -> None:
    answers: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        answers.append(503)
        return httpx.Response(503, json={"ready": False, "checks": {"store": "away"}})

    assert _with(answer).get_readiness() == {"ready": False, "checks": {"store": "away"}}
    assert len(answers) == 1


def test_a_line_that_is_no_json_does_not_show() -> None:
    claviger = _with(lambda request: httpx.Response(200, content=b'{"units":1}\n<secret>\n'))
    lines = claviger.export_usage("acme", month="2026-10")
    assert dict(next(lines)) == {"units": 1}
    with pytest.raises(sdk.ApiError) as caught:
        next(lines)
    assert "secret" not in repr(caught.value) and caught.value.__context__ is None


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_an_id_that_would_name_another_operation_is_refused(name: str) -> None:
    claviger = _with(lambda request: pytest.fail("sent"))
    with pytest.raises(TypeError):
        claviger.get_key("acme", name)
    with pytest.raises(TypeError):
        next(claviger.all_keys(name))
