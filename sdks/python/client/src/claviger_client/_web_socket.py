"""Opens a WebSocket with the key in a header, by the package ``websockets`` if it is there; it neither retries nor follows
redirects."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Optional

import httpx

from ._answer import Excerpt, error_of
from ._definition import Query
from ._errors import ApiError, ConfigurationError
from ._flow import facts_of, failure_of
from ._redact import RedactingLogger
from ._request import address_of
from ._settings import Settings

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection as AsyncConnection
    from websockets.sync.client import ClientConnection as Connection


class _Attempt:
    """The arguments of ``connect``, and the error of ours for what it raises."""

    def __init__(
        self,
        settings: Settings,
        path: str,
        query: Optional[Query],
        headers: Optional[Mapping[str, str]],
        protocols: Sequence[str],
        timeout_seconds: Optional[float],
    ) -> None:
        self._settings = settings
        url = address_of(settings.base_url, path, query)
        self._url = url.copy_with(scheme="wss" if url.scheme == "https" else "ws")
        self._headers = settings.headers.copy()
        for name in ("accept", "accept-encoding"):
            self._headers.pop(name, None)
        self._headers.update(headers or {})
        self._protocols = list(protocols) or None
        self._timeout = settings.timeout_seconds if timeout_seconds is None else timeout_seconds

    def arguments(self) -> dict[str, Any]:
        name, scheme = self._settings.credential
        sent = [*self._headers.multi_items(), (name, scheme + self._settings.key.reveal())]
        agent = self._headers.get("user-agent")
        return {
            "uri": str(self._url),
            "additional_headers": [(key, value) for key, value in sent if key.lower() != "user-agent"],
            "user_agent_header": agent,
            "subprotocols": self._protocols,
            "open_timeout": None if self._timeout == float("inf") else self._timeout,
            # It writes the headers of the handshake into its log.
            "logger": RedactingLogger(logging.getLogger("websockets.client"), self._settings.redact),
        }

    def opened(self, connection: Any) -> Any:
        """The connection keeps the handshake that was sent; the key is taken out of it."""
        name, _ = self._settings.credential
        del connection.request.headers[name]
        return connection

    def failure(self, error: Exception) -> ApiError:
        response = getattr(error, "response", None)
        if response is None:
            return failure_of(error, self._settings, self._url, self._timeout)
        excerpt = Excerpt()
        excerpt.feed(response.body or b"")
        headers = httpx.Headers(list(response.headers.raw_items()))
        return error_of(excerpt.text, facts_of(response.status_code, headers, self._settings), self._settings.redact)


_MISSING = "WebSockets need the package websockets: pip install claviger-client[websocket]."


def _hide_target(error: Exception) -> None:
    """So that the library does not follow a redirect: it would take headers of the vendor's own to another origin."""
    response = getattr(error, "response", None)
    if response is not None:
        response.headers.pop("Location", None)


def connect(settings: Settings, *choices: Any) -> Connection:
    """Raises ConfigurationError without the package, ApiError when no connection is opened."""
    try:
        from websockets.sync import client as library
    except ImportError:
        raise ConfigurationError(_MISSING) from None

    class Here(library.ClientConnection):
        def handshake(self, *arguments: Any, **named: Any) -> None:
            try:
                super().handshake(*arguments, **named)
            except Exception as error:
                _hide_target(error)
                raise

    attempt = _Attempt(settings, *choices)
    try:
        opened: Connection = attempt.opened(library.connect(create_connection=Here, **attempt.arguments()))
        return opened
    except Exception as error:
        failure = attempt.failure(error)
    raise failure


async def connect_async(settings: Settings, *choices: Any) -> AsyncConnection:
    """As ``connect``."""
    try:
        from websockets.asyncio import client as library
    except ImportError:
        raise ConfigurationError(_MISSING) from None

    class Here(library.ClientConnection):
        async def handshake(self, *arguments: Any, **named: Any) -> None:
            try:
                await super().handshake(*arguments, **named)
            except Exception as error:
                _hide_target(error)
                raise

    attempt = _Attempt(settings, *choices)
    try:
        opened: AsyncConnection = attempt.opened(await library.connect(create_connection=Here, **attempt.arguments()))
        return opened
    except Exception as error:
        failure = attempt.failure(error)
    raise failure
