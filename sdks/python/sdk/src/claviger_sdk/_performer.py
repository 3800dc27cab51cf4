"""Carries out operations by way of claviger_client, which retries, limits and redacts; it knows no single operation. The root key
leaves it in requests only."""

from __future__ import annotations

import random as randomness
import time
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Callable, Optional, TypeVar

import anyio
import httpx
from claviger_client import ApiError, AsyncClient, Client, ConfigurationError, ServerSentEvent

from ._settings import DEFINITION, content_of, in_our_words, is_result, parse_line, path_of

Self = TypeVar("Self", bound="Performer")
AsyncSelf = TypeVar("AsyncSelf", bound="AsyncPerformer")


class _Client(Client):
    definition = DEFINITION


class _AsyncClient(AsyncClient):
    definition = DEFINITION


class _Shown:
    _client: Any

    @property
    def url(self) -> str:
        """Of the control plane, without a final slash."""
        url: str = self._client.base_url
        return url

    def __repr__(self) -> str:
        # One that could not be made is shown too, in tracebacks.
        client = getattr(self, "_client", None)
        return f"<{type(self).__name__} for {client.base_url if client else 'nothing yet'}>"


class Performer(_Shown):
    """Threads may share it. ``sleep``, ``random`` and ``now`` are for tests."""

    def __init__(
        self,
        *,
        root_key: Optional[str] = None,
        url: Optional[str] = None,
        headers: Optional[Mapping[str, str]] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
        http_client: Optional[httpx.Client] = None,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = randomness.random,
        now: Callable[[], float] = time.time,
    ) -> None:
        """``root_key`` is instead of CLAVIGER_ROOT_KEY, ``url`` instead of CLAVIGER_URL. Raises ConfigurationError; sends nothing."""
        # A reporter of errors may show the variables of each frame: neither is one of them when the kit raises.
        given = [root_key, url]
        del root_key, url
        failure: Optional[ConfigurationError] = None
        try:
            self._client = _Client(
                base_url=given.pop(),
                api_key=given.pop(),
                headers=headers,
                timeout_seconds=timeout_seconds,
                max_retries=max_retries,
                http_client=http_client,
                sleep=sleep,
                random=random,
                now=now,
            )
        except ConfigurationError as error:
            failure = in_our_words(error)
        if failure is not None:
            raise failure

    def request(self, method: str, path: str, **options: Any) -> Any:
        """Any call, for what this release has no method for: the arguments are those of ``claviger_client.Client.request``."""
        return self._client.request(method, path, **options)

    def _perform(
        self,
        method: str,
        segments: Sequence[str],
        *,
        query: Optional[Mapping[str, Any]] = None,
        body: Any = None,
        form: Optional[Mapping[str, Any]] = None,
        file: Any = None,
        idempotency_key: Optional[str] = None,
        also_results: Sequence[int] = (),
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Any:
        # Such a status is an answer already: it is not waited for that it passes.
        retries = 0 if also_results and max_retries is None else max_retries
        try:
            return self._client.request(
                method,
                path_of(segments),
                query=query,
                idempotency_key=idempotency_key,
                timeout_seconds=timeout_seconds,
                max_retries=retries,
                **content_of(body, form, file),
            )
        except ApiError as error:
            if is_result(error, also_results):
                return error.body
            raise

    def _lines(
        self,
        method: str,
        segments: Sequence[str],
        *,
        query: Optional[Mapping[str, Any]] = None,
        timeout_seconds: Optional[float],
        max_retries: Optional[int],
    ) -> Iterator[Any]:
        """JSON Lines as they arrive. An answer that breaks off raises: what came of it is not whole."""
        limits: dict[str, Any] = {"timeout_seconds": timeout_seconds, "max_retries": max_retries}
        with self._client.request(method, path_of(segments), query=query, stream="lines", **limits) as stream:
            for line in stream:
                item = parse_line(line)
                if isinstance(item, ApiError):
                    raise item
                yield item

    def _events(
        self,
        method: str,
        segments: Sequence[str],
        *,
        query: Optional[Mapping[str, Any]] = None,
        timeout_seconds: Optional[float],
        max_retries: Optional[int],
    ) -> Iterator[ServerSentEvent]:
        """As they arrive; it ends when the server ends them, and raises when they break off."""
        limits: dict[str, Any] = {"timeout_seconds": timeout_seconds, "max_retries": max_retries}
        with self._client.request(method, path_of(segments), query=query, stream="events", **limits) as stream:
            yield from stream

    def _pages(
        self,
        method: str,
        segments: Sequence[str],
        *,
        query: Mapping[str, Any],
        timeout_seconds: Optional[float],
        max_retries: Optional[int],
    ) -> Iterator[Any]:
        cursor = query.get("cursor")
        while True:
            page = self._perform(
                method,
                segments,
                query={**query, "cursor": cursor},
                timeout_seconds=timeout_seconds,
                max_retries=max_retries,
            )
            yield from page["items"]
            cursor = page.get("nextCursor")
            if cursor is None:
                return

    def close(self) -> None:
        """Ends the connections; an ``http_client`` that was passed is left to whoever made it."""
        self._client.close()

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()


class AsyncPerformer(_Shown):
    """As Performer; every call is awaited, and what gives many is iterated with ``async for``."""

    def __init__(
        self,
        *,
        root_key: Optional[str] = None,
        url: Optional[str] = None,
        headers: Optional[Mapping[str, str]] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
        http_client: Optional[httpx.AsyncClient] = None,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        random: Callable[[], float] = randomness.random,
        now: Callable[[], float] = time.time,
    ) -> None:
        """``root_key`` is instead of CLAVIGER_ROOT_KEY, ``url`` instead of CLAVIGER_URL. Raises ConfigurationError; sends nothing."""
        given = [root_key, url]
        del root_key, url
        failure: Optional[ConfigurationError] = None
        try:
            self._client = _AsyncClient(
                base_url=given.pop(),
                api_key=given.pop(),
                headers=headers,
                timeout_seconds=timeout_seconds,
                max_retries=max_retries,
                http_client=http_client,
                sleep=sleep,
                random=random,
                now=now,
            )
        except ConfigurationError as error:
            failure = in_our_words(error)
        if failure is not None:
            raise failure

    async def request(self, method: str, path: str, **options: Any) -> Any:
        """Any call, for what this release has no method for: the arguments are those of ``claviger_client.AsyncClient.request``."""
        return await self._client.request(method, path, **options)

    async def _perform(
        self,
        method: str,
        segments: Sequence[str],
        *,
        query: Optional[Mapping[str, Any]] = None,
        body: Any = None,
        form: Optional[Mapping[str, Any]] = None,
        file: Any = None,
        idempotency_key: Optional[str] = None,
        also_results: Sequence[int] = (),
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Any:
        retries = 0 if also_results and max_retries is None else max_retries
        try:
            return await self._client.request(
                method,
                path_of(segments),
                query=query,
                idempotency_key=idempotency_key,
                timeout_seconds=timeout_seconds,
                max_retries=retries,
                **content_of(body, form, file),
            )
        except ApiError as error:
            if is_result(error, also_results):
                return error.body
            raise

    async def _lines(
        self,
        method: str,
        segments: Sequence[str],
        *,
        query: Optional[Mapping[str, Any]] = None,
        timeout_seconds: Optional[float],
        max_retries: Optional[int],
    ) -> AsyncIterator[Any]:
        limits: dict[str, Any] = {"timeout_seconds": timeout_seconds, "max_retries": max_retries}
        stream = await self._client.request(method, path_of(segments), query=query, stream="lines", **limits)
        async with stream:
            async for line in stream:
                item = parse_line(line)
                if isinstance(item, ApiError):
                    raise item
                yield item

    async def _events(
        self,
        method: str,
        segments: Sequence[str],
        *,
        query: Optional[Mapping[str, Any]] = None,
        timeout_seconds: Optional[float],
        max_retries: Optional[int],
    ) -> AsyncIterator[ServerSentEvent]:
        limits: dict[str, Any] = {"timeout_seconds": timeout_seconds, "max_retries": max_retries}
        stream = await self._client.request(method, path_of(segments), query=query, stream="events", **limits)
        async with stream:
            async for event in stream:
                yield event

    async def _pages(
        self,
        method: str,
        segments: Sequence[str],
        *,
        query: Mapping[str, Any],
        timeout_seconds: Optional[float],
        max_retries: Optional[int],
    ) -> AsyncIterator[Any]:
        cursor = query.get("cursor")
        while True:
            page = await self._perform(
                method,
                segments,
                query={**query, "cursor": cursor},
                timeout_seconds=timeout_seconds,
                max_retries=max_retries,
            )
            for item in page["items"]:
                yield item
            cursor = page.get("nextCursor")
            if cursor is None:
                return

    async def close(self) -> None:
        """Ends the connections; an ``http_client`` that was passed is left to whoever made it."""
        await self._client.close()

    async def __aenter__(self: AsyncSelf) -> AsyncSelf:
        return self

    async def __aexit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self.close()
