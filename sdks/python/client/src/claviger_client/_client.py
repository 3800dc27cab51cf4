"""The synchronous client: what it holds and closes. The work is done elsewhere; the key leaves it in requests only."""

from __future__ import annotations

import random as randomness
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Optional, TypeVar

import httpx

from ._answer import Answer
from ._definition import CallOptions, Query
from ._flow import Opened, call
from ._io import SyncIo
from ._redact import Secret
from ._settings import settle
from ._stream import Stream
from ._verbs import Verbs
from ._web_socket import connect

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

Self = TypeVar("Self", bound="Client")


class Client(Verbs):
    """A vendor's client, once a subclass says its ``definition``. Threads may share it; ``usage`` is of the answer that came last.

    ``sleep``, ``random`` and ``now`` are for tests.
    """

    def __init__(
        self,
        *,
        api_key: Optional[str] = None,
        base_url: Optional[str] = None,
        headers: Optional[Mapping[str, str]] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
        dangerously_allow_browser: bool = False,
        http_client: Optional[httpx.Client] = None,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = randomness.random,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Raises ConfigurationError; sends nothing."""
        # A reporter of errors may show the variables of each frame; a key may have been passed as either.
        given, address = Secret.of(api_key), Secret.of(base_url)
        del api_key, base_url
        self._settings = settle(
            self.definition,
            api_key=given,
            base_url=address,
            headers=headers,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
            dangerously_allow_browser=dangerously_allow_browser,
            random=random,
            now=now,
        )
        self._owns = http_client is None
        self._http = httpx.Client() if http_client is None else http_client
        self._io = SyncIo(self._http, self._settings, sleep)

    def exchange(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        files: Any = None,
        query: Optional[Query] = None,
        headers: Optional[Mapping[str, str]] = None,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Answer:
        """Like ``request``, with status, headers, request id and usage beside the body."""
        options = CallOptions(body, files, query, headers, None, idempotency_key, timeout_seconds, max_retries)
        outcome = self._io.run(call(self._settings, self._note, method, path, options))
        assert isinstance(outcome, Answer)
        return outcome

    def websocket(
        self,
        path: str,
        *,
        query: Optional[Query] = None,
        headers: Optional[Mapping[str, str]] = None,
        protocols: Sequence[str] = (),
        timeout_seconds: Optional[float] = None,
    ) -> ClientConnection:
        """An open connection of the package ``websockets``, with the key in a header. Raises ApiError."""
        return connect(self._settings, path, query, headers, protocols, timeout_seconds)

    def _request(self, method: str, path: str, options: CallOptions) -> Any:
        outcome = self._io.run(call(self._settings, self._note, method, path, options))
        if isinstance(outcome, Opened) and options.stream is not None:
            timeout = self._settings.timeout_seconds if options.timeout_seconds is None else options.timeout_seconds
            return Stream[Any](outcome, options.stream, self._settings, timeout)
        assert isinstance(outcome, Answer)
        return outcome.body

    def close(self) -> None:
        """Ends the connections; an ``http_client`` that was passed is left to whoever made it."""
        if self._owns:
            self._http.close()

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()
