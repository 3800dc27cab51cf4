"""The methods that both clients share: each is `request` with a method's name. They do nothing of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from ._definition import CallOptions, Definition, Query, StreamKind
from ._settings import Settings
from ._usage import Usage


class Verbs:
    """Give the body of the answer, or a stream of it; the asynchronous client's are awaited."""

    #: A vendor's client is a subclass that says this.
    definition: Definition
    _settings: Settings
    _usage: Optional[Usage] = None

    @property
    def base_url(self) -> str:
        """Without a final slash."""
        return self._settings.base_url

    @property
    def usage(self) -> Optional[Usage]:
        """Of the last answer, a refusal included; None before the first."""
        return self._usage

    def __repr__(self) -> str:
        # A client that could not be made is shown too, in tracebacks.
        settings: Optional[Settings] = getattr(self, "_settings", None)
        return f"<{type(self).__name__} for {settings.base_url if settings else self.definition.name}>"

    def _note(self, usage: Usage) -> None:
        self._usage = usage

    def request(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        files: Any = None,
        query: Optional[Query] = None,
        headers: Optional[Mapping[str, str]] = None,
        stream: Optional[StreamKind] = None,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Any:
        """The body of the answer, or a Stream (AsyncStream) of it. Raises ApiError.

        ``body``: text and bytes go out as they are, files and iterators once, anything else as JSON; beside ``files`` (as httpx
        takes them) it holds the form's fields. ``query``: a list repeats its parameter, None leaves it out. ``stream``: ``bytes``,
        ``lines`` or ``events``. ``idempotency_key``: made once per call of POST and PATCH if not given, the same over all retries;
        empty for none, and then for no retry.
        """
        options = CallOptions(body, files, query, headers, stream, idempotency_key, timeout_seconds, max_retries)
        return self._request(method, path, options)

    def _request(self, method: str, path: str, options: CallOptions) -> Any:
        raise NotImplementedError

    def get(
        self,
        path: str,
        *,
        query: Optional[Query] = None,
        headers: Optional[Mapping[str, str]] = None,
        stream: Optional[StreamKind] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Any:
        options = CallOptions(None, None, query, headers, stream, None, timeout_seconds, max_retries)
        return self._request("GET", path, options)

    def post(
        self,
        path: str,
        *,
        body: Any = None,
        files: Any = None,
        query: Optional[Query] = None,
        headers: Optional[Mapping[str, str]] = None,
        stream: Optional[StreamKind] = None,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Any:
        options = CallOptions(body, files, query, headers, stream, idempotency_key, timeout_seconds, max_retries)
        return self._request("POST", path, options)

    def put(
        self,
        path: str,
        *,
        body: Any = None,
        files: Any = None,
        query: Optional[Query] = None,
        headers: Optional[Mapping[str, str]] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Any:
        options = CallOptions(body, files, query, headers, None, None, timeout_seconds, max_retries)
        return self._request("PUT", path, options)

    def patch(
        self,
        path: str,
        *,
        body: Any = None,
        query: Optional[Query] = None,
        headers: Optional[Mapping[str, str]] = None,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Any:
        options = CallOptions(body, None, query, headers, None, idempotency_key, timeout_seconds, max_retries)
        return self._request("PATCH", path, options)

    def delete(
        self,
        path: str,
        *,
        body: Any = None,
        query: Optional[Query] = None,
        headers: Optional[Mapping[str, str]] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Any:
        options = CallOptions(body, None, query, headers, None, None, timeout_seconds, max_retries)
        return self._request("DELETE", path, options)
