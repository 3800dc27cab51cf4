"""Promise: what only the Python kit can break it does not: exceptions that can be caught, sent between processes and shown, bodies that
Python has, clients that are closed by whoever made them."""

from __future__ import annotations

import asyncio
import base64
import builtins
import copy
import io
import pickle
import sys
import threading
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

import claviger_client as kit
from conftest import KEY, SERVERS, Servers
from secrecy import check_secrecy

ACME = kit.Definition(
    name="Acme", environment_variable="ACME_API_KEY", base_url=SERVERS.here, key_format="acme_{secret:40}"
)


class Acme(kit.Client):
    """As a vendor writes it."""

    definition = ACME

    def models(self) -> list[str]:
        models: list[str] = self.get("/v1/models")["models"]
        return models


class AsyncAcme(kit.AsyncClient):
    definition = ACME


def bodies(servers: Servers) -> list[tuple[Any, str]]:
    return [
        (one["headers"].get("content-type"), base64.b64decode(one["base64"]).decode("latin-1"))
        for one in servers.seen()
    ]


def test_a_vendors_class_has_methods_of_its_own(servers: Servers) -> None:
    servers.play([{"json": {"models": ["one"]}}])
    with Acme(api_key=KEY) as client:
        assert client.models() == ["one"]


def test_exported_names_are_all_there_are() -> None:
    public = {
        name for name, value in vars(kit).items() if not name.startswith("_") and not isinstance(value, type(sys))
    }
    assert sorted(kit.__all__) == sorted(public)


def test_python_in_a_browser_is_refused_unless_allowed_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    with pytest.raises(kit.ConfigurationError, match="dangerously_allow_browser"):
        Acme(api_key=KEY)
    Acme(api_key=KEY, dangerously_allow_browser=True).close()


def test_errors_that_share_a_builtins_name_are_caught_by_it() -> None:
    assert issubclass(kit.PermissionError, builtins.PermissionError)
    assert issubclass(kit.ConnectionError, builtins.ConnectionError)
    assert issubclass(kit.TimeoutError, builtins.TimeoutError)
    error = kit.TimeoutError("late")
    assert (str(error), error.status) == ("late", None)


def test_errors_go_from_one_process_to_another(servers: Servers) -> None:
    servers.play([{"status": 403, "headers": {"X-RateLimit-Remaining": "3"}, "json": {"error": {"code": "forbidden"}}}])
    with Acme(api_key=KEY) as client, pytest.raises(kit.PermissionError) as caught:
        client.get("/")
    there = pickle.loads(pickle.dumps(caught.value))
    assert (type(there), str(there), there.status, there.code) == (
        kit.PermissionError,
        "403 The answer gives no reason.",
        403,
        "forbidden",
    )
    assert there.usage == caught.value.usage


def test_a_client_is_not_pickled_with_its_key() -> None:
    with Acme(api_key=KEY) as client:
        with pytest.raises(TypeError):
            pickle.dumps(client)
        with pytest.raises(TypeError):
            copy.deepcopy(client)
        check_secrecy([client, client._settings], KEY)


def test_what_a_transport_of_the_callers_raises_is_copied_without_the_key() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        try:
            raise OSError(f"socket of {KEY}")
        except OSError as error:
            raise ValueError(f"failed for {request.headers['authorization']}") from error

    http_client = httpx.Client(transport=httpx.MockTransport(refuse))
    with http_client, pytest.raises(kit.ConnectionError) as caught:
        Acme(api_key=KEY, http_client=http_client, max_retries=0).get("/")
    assert str(caught.value).endswith("failed: failed for Bearer [redacted].")
    assert str(caught.value.__cause__) == "ValueError: failed for Bearer [redacted]"
    check_secrecy([caught.value], KEY)


def test_a_client_closes_what_it_made_and_nothing_else(servers: Servers) -> None:
    servers.play([{"always": True, "json": 1}])
    client = Acme(api_key=KEY)
    client.get("/")
    client.close()
    with pytest.raises(kit.ConnectionError, match="closed"):
        client.get("/", max_retries=0)
    with httpx.Client() as http_client:
        with Acme(api_key=KEY, http_client=http_client) as other:
            other.get("/")
        assert not http_client.is_closed


def test_credentials_and_cookies_of_an_http_client_are_not_mixed_in(servers: Servers) -> None:
    servers.play([{"headers": {"Set-Cookie": "a=b"}, "json": 1}, {"json": 2}])
    with httpx.Client(auth=("user", "hunter2"), headers={"X-Mine": "1"}) as http_client:
        client = Acme(api_key=KEY, http_client=http_client)
        client.get("/")
        client.get("/")
    for request in servers.seen():
        assert request["headers"]["authorization"] == f"Bearer {KEY}"
        assert "cookie" not in request["headers"] and "x-mine" not in request["headers"]


def test_forms_files_and_text_go_out_as_they_should(servers: Servers) -> None:
    servers.play([{"always": True, "json": 1}])
    with Acme(api_key=KEY) as client:
        client.post("/", body={"model": "kugel-3"}, files={"file": ("a.wav", b"RIFF", "audio/wav")})
        client.post("/", body="hello")
        client.post("/", body=io.BytesIO(b"from a file"))
        client.post("/", body=bytearray(b"\x01\x02"))
        client.post("/", body=("a", 1))
        with pytest.raises(ValueError):
            client.post("/", body={"n": float("nan")})
    form, *others = bodies(servers)
    assert form[0].startswith("multipart/form-data; boundary=")
    assert 'name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\nRIFF' in form[1]
    assert 'name="model"\r\n\r\nkugel-3' in form[1]
    assert others == [
        ("text/plain;charset=UTF-8", "hello"),
        (None, "from a file"),
        (None, "\x01\x02"),
        ("application/json", '["a",1]'),
    ]


def test_a_form_is_sent_again_whole(servers: Servers) -> None:
    servers.play([{"status": 500}, {"json": 1}])
    with Acme(api_key=KEY, sleep=lambda seconds: None) as client:
        client.post("/", files={"file": io.BytesIO(b"RIFF")})
    assert ["RIFF" in body for _, body in bodies(servers)] == [True, True]


def test_the_waits_are_real_ones(servers: Servers) -> None:
    servers.play([{"status": 429, "headers": {"retry-after-ms": "20"}}, {"json": 1}])
    began = time.monotonic()
    with Acme(api_key=KEY, random=lambda: 0) as client:
        assert client.get("/") == 1
    assert 0.02 <= time.monotonic() - began < 2


def test_an_endless_time_limit_is_none(servers: Servers) -> None:
    servers.play([{"delayMs": 30, "json": 1}, {"delayMs": 30, "chunks": ["a\n"]}])
    with Acme(api_key=KEY, timeout_seconds=float("inf")) as client:
        assert client.get("/") == 1
        assert list(client.get("/", stream="lines")) == ["a"]


def test_threads_may_share_a_client(servers: Servers) -> None:
    servers.play([{"always": True, "json": 1}])
    results: list[Any] = []
    with Acme(api_key=KEY) as client:
        threads = [threading.Thread(target=lambda: results.append(client.post("/", body={}))) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert results == [1] * 10
    assert len({one["headers"]["idempotency-key"] for one in servers.seen()}) == 10


def test_a_stream_in_a_with_block_ends_its_connection(servers: Servers) -> None:
    servers.play([{"drips": {"text": "x\n", "everyMs": 5}}])
    with Acme(api_key=KEY) as client, client.get("/", stream="lines") as lines:
        assert next(iter(lines)) == "x"
    while not servers.seen()[0]["isAbandoned"]:
        time.sleep(0.01)


def test_a_task_that_is_cancelled_ends_its_call_without_a_retry(servers: Servers) -> None:
    servers.play([{"hangs": "before-headers"}, {"json": 1}])

    async def run() -> None:
        async with AsyncAcme(api_key=KEY) as client:
            task = asyncio.create_task(client.get("/"))
            while not servers.seen():
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(run())
    while not servers.seen()[0]["isAbandoned"]:
        time.sleep(0.01)
    assert len(servers.seen()) == 1


def test_it_runs_on_trio_too(servers: Servers) -> None:
    import trio

    servers.play([{"status": 429, "headers": {"retry-after-ms": "5"}}, {"json": 1}, {"chunks": ["a\n", "b\n"]}])

    async def chunks() -> AsyncIterator[bytes]:
        yield b"x"

    async def run() -> tuple[Any, list[str]]:
        async with AsyncAcme(api_key=KEY) as client:
            first = await client.get("/")
            async with await client.post("/", body=chunks(), stream="lines") as lines:
                return first, [line async for line in lines]

    assert trio.run(run) == (1, ["a", "b"])
