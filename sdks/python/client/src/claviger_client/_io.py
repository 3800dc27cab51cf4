"""Does what a call asks for, with and without asyncio: the one place that sends, reads and waits. It decides nothing."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Generator
from typing import Any, Callable, Optional

import anyio
import httpx

from ._flow import Begin, Close, Effect, Expired, Outcome, Read, Send, Sleep
from ._redact import Secret
from ._settings import Settings


class Credential(httpx.Auth):
    """Puts the key into a request at the last moment, so that nothing else ever holds it."""

    def __init__(self, key: Secret, credential: tuple[str, str]) -> None:
        self._key = key
        self._credential = credential

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        name, scheme = self._credential
        request.headers[name] = scheme + self._key.reveal()
        yield request


class Clock:
    """How much is left of an attempt."""

    def __init__(self) -> None:
        self._end = math.inf

    def begin(self, timeout_seconds: float) -> None:
        self._end = time.monotonic() + timeout_seconds

    def left(self) -> Optional[float]:
        """In seconds, None for no end. Raises Expired."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise Expired
        return None if left == math.inf else left


def limit(request: httpx.Request, seconds: Optional[float]) -> None:
    """For each single step of the connection; None for no end."""
    request.extensions = {**request.extensions, "timeout": httpx.Timeout(seconds).as_dict()}


class SyncIo:
    """For threads. httpx has a limit for each single read and none for the sum: the sum is checked between reads."""

    def __init__(self, client: httpx.Client, settings: Settings, sleep: Callable[[float], None]) -> None:
        self._client = client
        self._credential = Credential(settings.key, settings.credential)
        self._sleep = sleep

    def run(self, flow: Generator[Effect, Any, Outcome]) -> Outcome:
        clock = Clock()
        # Handed on and forgotten: no variable here holds what a server sent when an error of ours is raised.
        results: list[Any] = [None]
        while True:
            try:
                effect = flow.send(results.pop())
            except StopIteration as end:
                outcome: Outcome = end.value
                return outcome
            results.append(self._do(effect, clock))

    def _do(self, effect: Effect, clock: Clock) -> Any:
        if isinstance(effect, Begin):
            return clock.begin(effect.timeout_seconds)
        if isinstance(effect, Sleep):
            return self._sleep(effect.seconds)
        if isinstance(effect, Close):
            return effect.response.close()
        try:
            return self._send(effect, clock) if isinstance(effect, Send) else self._read(effect, clock)
        except Exception as error:
            # Handed over, not raised: what is raised of it later must not have it for a context.
            return error

    def _send(self, effect: Send, clock: Clock) -> httpx.Response:
        limit(effect.request, clock.left())
        auth = self._credential if effect.has_credential else None
        return self._client.send(effect.request, auth=auth, stream=True, follow_redirects=False)

    def _read(self, effect: Read, clock: Clock) -> None:
        try:
            limit(effect.response.request, clock.left())
            for chunk in effect.response.iter_bytes():
                if not effect.sink.feed(chunk):
                    return
                clock.left()
        finally:
            effect.response.close()


class AsyncIo:
    """For asyncio and trio."""

    def __init__(
        self, client: httpx.AsyncClient, settings: Settings, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._client = client
        self._credential = Credential(settings.key, settings.credential)
        self._sleep = sleep

    async def run(self, flow: Generator[Effect, Any, Outcome]) -> Outcome:
        clock = Clock()
        # Handed on and forgotten: no variable here holds what a server sent when an error of ours is raised.
        results: list[Any] = [None]
        while True:
            try:
                effect = flow.send(results.pop())
            except StopIteration as end:
                outcome: Outcome = end.value
                return outcome
            results.append(await self._do(effect, clock))

    async def _do(self, effect: Effect, clock: Clock) -> Any:
        if isinstance(effect, Begin):
            return clock.begin(effect.timeout_seconds)
        if isinstance(effect, Sleep):
            return await self._sleep(effect.seconds)
        if isinstance(effect, Close):
            return await effect.response.aclose()
        try:
            return await (self._send(effect, clock) if isinstance(effect, Send) else self._read(effect, clock))
        except Exception as error:
            # As above.
            return error

    async def _send(self, effect: Send, clock: Clock) -> httpx.Response:
        left = clock.left()
        limit(effect.request, left)
        auth = self._credential if effect.has_credential else None
        with anyio.fail_after(left):
            return await self._client.send(effect.request, auth=auth, stream=True, follow_redirects=False)

    async def _read(self, effect: Read, clock: Clock) -> None:
        try:
            with anyio.fail_after(clock.left()):
                async for chunk in effect.response.aiter_bytes():
                    if not effect.sink.feed(chunk):
                        return
        finally:
            await effect.response.aclose()
