"""Promise: both Python clients open WebSockets with the key in a header, lose no message, take the key nowhere else, and say what went
wrong without it."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import urllib.request
from typing import Any

import pytest

import claviger_client as kit
from conftest import KEY, Servers
from secrecy import Log, check_secrecy


def definition(base_url: str, **more: Any) -> kit.Definition:
    return kit.Definition(name="Acme", environment_variable="ACME_API_KEY", base_url=base_url, **more)


def sync_client(base_url: str, **more: Any) -> kit.Client:
    class Acme(kit.Client):
        definition = globals()["definition"](base_url, **more)

    return Acme(api_key=KEY)


def async_client(base_url: str, **more: Any) -> kit.AsyncClient:
    class Acme(kit.AsyncClient):
        definition = globals()["definition"](base_url, **more)

    return Acme(api_key=KEY)


def handshakes(base_url: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{base_url}/handshakes") as answer:
        found: list[dict[str, Any]] = json.loads(answer.read())
        return found


def talk(base_url: str, kind: str, **more: Any) -> tuple[list[Any], list[Any]]:
    """What was heard, and what could be shown of it."""
    arguments: dict[str, Any] = {"query": {"voice": "a b"}, "headers": {"X-A": "1"}, "protocols": ["tts.v1"]}
    if kind == "sync":
        with sync_client(base_url, **more) as client, client.websocket("/ws/tts", **arguments) as socket:
            first = socket.recv()
            socket.send("Grüße")
            return [first, socket.recv(), socket.subprotocol], [client, socket, socket.request]

    async def run() -> tuple[list[Any], list[Any]]:
        async with async_client(base_url, **more) as client, await client.websocket("/ws/tts", **arguments) as socket:
            first = await socket.recv()
            await socket.send("Grüße")
            return [first, await socket.recv(), socket.subprotocol], [client, socket, socket.request]

    return asyncio.run(run())


def fail(base_url: str, kind: str, **options: Any) -> kit.ApiError:
    with pytest.raises(kit.ApiError) as caught:
        if kind == "sync":
            sync_client(base_url).websocket("/", **options)
        else:

            async def run() -> None:
                async with async_client(base_url) as client:
                    await client.websocket("/", **options)

            asyncio.run(run())
    return caught.value


@pytest.mark.parametrize("kind", ["sync", "async"])
class TestWebSocket:
    def test_the_key_goes_in_a_header_and_shows_nowhere(self, kind: str, servers: Servers) -> None:
        log = Log()
        logging.getLogger().addHandler(log)
        logging.getLogger().setLevel(logging.DEBUG)
        try:
            heard, shown = talk(servers.web_socket, kind)
        finally:
            logging.getLogger().removeHandler(log)
        assert heard == ["hello", "Grüße", "tts.v1"]
        [handshake] = handshakes(servers.web_socket)
        assert handshake["target"] == "/ws/tts?voice=a+b"
        headers = handshake["headers"]
        assert headers["authorization"] == f"Bearer {KEY}"
        assert (headers["x-a"], headers["user-agent"]) == ("1", "claviger-client-python/0.1.0")
        assert any("[redacted]" in line for line in log.lines), "the library logs the handshake"
        check_secrecy([*shown, log.lines], KEY)

    def test_a_key_header_of_the_vendors_own_is_sent(self, kind: str, servers: Servers) -> None:
        talk(servers.web_socket, kind, key_header="X-API-Key")
        [handshake] = handshakes(servers.web_socket)
        assert handshake["headers"]["x-api-key"] == KEY
        assert "authorization" not in handshake["headers"]

    def test_a_refusal_is_the_error_of_its_status(self, kind: str, servers: Servers) -> None:
        error = fail(servers.web_socket_refusing, kind)
        assert type(error) is kit.AuthenticationError
        check_secrecy([error], KEY)

    def test_a_redirect_is_not_followed(self, kind: str, servers: Servers) -> None:
        error = fail(servers.web_socket_redirecting, kind)
        assert (type(error), error.status) == (kit.ApiError, 302)
        assert handshakes(servers.web_socket) == []

    def test_silence_is_a_time_out(self, kind: str, servers: Servers) -> None:
        error = fail(servers.web_socket_silent, kind, timeout_seconds=0.15)
        assert type(error) is kit.TimeoutError
        check_secrecy([error], KEY)

    def test_nobody_there_is_a_broken_connection(self, kind: str, servers: Servers) -> None:
        error = fail(servers.nowhere, kind)
        assert type(error) is kit.ConnectionError
        check_secrecy([error], KEY)

    def test_without_the_package_it_says_what_to_install(
        self, kind: str, servers: Servers, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("websockets.sync", "websockets.asyncio"):
            monkeypatch.setitem(sys.modules, name, None)
        with pytest.raises(kit.ConfigurationError, match=r"pip install claviger-client\[websocket\]"):
            talk(servers.web_socket, kind)
