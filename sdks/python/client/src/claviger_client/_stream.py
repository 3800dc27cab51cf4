"""The body of an answer as it arrives: bytes, lines, or server-sent events. Nothing is retried once it has begun."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Any, Generic, Optional, TypeVar

import httpx

from ._answer import Facts
from ._definition import StreamKind
from ._flow import Opened, failure_of
from ._io import limit
from ._lines import EventReader, LineCutter
from ._settings import Settings
from ._usage import Usage

T = TypeVar("T")


class _Items:
    """Makes items of chunks."""

    def __init__(self, kind: StreamKind) -> None:
        self._cutter = None if kind == "bytes" else LineCutter()
        self._events = EventReader() if kind == "events" else None

    def feed(self, chunk: bytes) -> list[Any]:
        return [chunk] if self._cutter is None else self._of_lines(self._cutter.feed(chunk))

    def finish(self) -> list[Any]:
        return [] if self._cutter is None else self._of_lines(self._cutter.finish())

    def _of_lines(self, lines: list[str]) -> list[Any]:
        if self._events is None:
            return lines
        return [event for event in map(self._events.feed, lines) if event is not None]


class _Base:
    def __init__(self, opened: Opened, kind: StreamKind, settings: Settings, timeout: float) -> None:
        self._response = opened.response
        self._facts: Facts = opened.facts
        self._items = _Items(kind)
        self._settings = settings
        self._timeout = timeout
        # From here on the limit is for each single wait between two chunks, which is what httpx's own is.
        limit(opened.response.request, None if timeout == float("inf") else timeout)

    @property
    def status(self) -> int:
        return self._facts.status

    @property
    def headers(self) -> httpx.Headers:
        return self._facts.headers

    @property
    def request_id(self) -> Optional[str]:
        return self._facts.request_id

    @property
    def usage(self) -> Usage:
        return self._facts.usage

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.status}>"

    def _failure(self, error: Exception) -> Exception:
        return failure_of(error, self._settings, self._response.request.url, self._timeout)


class Stream(_Base, Generic[T]):
    """Can be read once. ``with`` ends the connection at its end, and so does leaving the loop."""

    def __iter__(self) -> Iterator[T]:
        failure: Optional[Exception] = None
        try:
            for chunk in self._response.iter_bytes():
                yield from self._items.feed(chunk)
            yield from self._items.finish()
        except httpx.HTTPError as error:
            failure = self._failure(error)
        finally:
            self.close()
        if failure is not None:
            raise failure

    def close(self) -> None:
        self._response.close()

    def __enter__(self) -> Stream[T]:
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()


class AsyncStream(_Base, Generic[T]):
    """As Stream, with ``async for``, ``async with`` and ``await stream.close()``."""

    async def __aiter__(self) -> AsyncIterator[T]:
        failure: Optional[Exception] = None
        try:
            async for chunk in self._response.aiter_bytes():
                for item in self._items.feed(chunk):
                    yield item
            for item in self._items.finish():
                yield item
        except httpx.HTTPError as error:
            failure = self._failure(error)
        finally:
            await self.close()
        if failure is not None:
            raise failure

    async def close(self) -> None:
        await self._response.aclose()

    async def __aenter__(self) -> AsyncStream[T]:
        return self

    async def __aexit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self.close()
