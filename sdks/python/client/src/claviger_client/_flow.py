"""One call: its attempts in a row, each with its redirects, and the waits between them. It says what is to be done and does nothing
itself, so that the synchronous and the asynchronous client share every decision."""

from __future__ import annotations

import asyncio
import builtins
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Callable, Optional, Protocol, Union

import httpx

from ._answer import Answer, Excerpt, Facts, Whole, body_of, error_of
from ._definition import CallOptions
from ._errors import ApiError, ConnectionError, TimeoutError
from ._redirect import Hop, next_hop
from ._request import Outgoing, prepare
from ._retry import is_worth_retrying, wait_before_retry
from ._settings import Settings
from ._usage import Usage, read_usage


class Sink(Protocol):
    def feed(self, chunk: bytes) -> bool:
        """Whether it wants more."""


class Expired(Exception):
    """The attempt's time is up."""


@dataclass(frozen=True)
class Begin:
    """Starts the clock of an attempt."""

    timeout_seconds: float


@dataclass(frozen=True)
class Send:
    """Gives an httpx.Response whose body is not read yet, or the exception."""

    request: httpx.Request
    has_credential: bool


@dataclass(frozen=True)
class Read:
    """Feeds the sink, closes the response, and gives None or the exception."""

    response: httpx.Response
    sink: Sink


@dataclass(frozen=True)
class Close:
    """Leaves the rest of a response unread."""

    response: httpx.Response


@dataclass(frozen=True)
class Sleep:
    seconds: float


@dataclass(frozen=True)
class Opened:
    """A success whose body the caller reads."""

    response: httpx.Response
    facts: Facts


Effect = Union[Begin, Send, Read, Close, Sleep]
Outcome = Union[Answer, Opened]


#: Hears of the usage of every answer.
Note = Callable[[Usage], None]


def call(
    settings: Settings, note: Note, method: str, path: str, options: CallOptions
) -> Generator[Effect, Any, Outcome]:
    """Raises ApiError."""
    outgoing = prepare(settings, method, path, options)
    timeout = settings.timeout_seconds if options.timeout_seconds is None else options.timeout_seconds
    max_retries = settings.max_retries if options.max_retries is None else options.max_retries
    retries = 0
    while True:
        yield Begin(timeout)
        outcome = yield from _attempt(settings, note, outgoing, options, timeout)
        if not isinstance(outcome, ApiError):
            return outcome
        may_retry = retries < max_retries and outgoing.is_replayable
        is_worth_it = may_retry and is_worth_retrying(outcome, outgoing.is_safe_to_repeat)
        seconds = wait_before_retry(outcome, retries, settings.random) if is_worth_it else None
        if seconds is None:
            raise outcome
        yield Sleep(seconds)
        retries += 1


def _attempt(
    settings: Settings, note: Note, outgoing: Outgoing, options: CallOptions, timeout: float
) -> Generator[Effect, Any, Union[Outcome, ApiError]]:
    """The error that may be worth another attempt is given, not raised."""
    sent = yield from _send(outgoing)
    if isinstance(sent, Exception):
        return failure_of(sent, settings, outgoing.url, timeout)
    response, refusal = sent
    facts = facts_of(response.status_code, response.headers, settings)
    note(facts.usage)
    if refusal or not response.is_success:
        excerpt = Excerpt()
        # Broken off or out of time: the status is known, and what came of the body may still say why.
        yield Read(response, excerpt)
        return error_of(excerpt.text, facts, settings.redact, refusal)
    if options.stream is not None:
        return Opened(response, facts)
    whole = Whole()
    broken: Optional[Exception] = yield Read(response, whole)
    if broken is not None:
        return failure_of(broken, settings, outgoing.url, timeout)
    body = body_of(whole.content, facts, settings.redact)
    return body if isinstance(body, ApiError) else Answer(**vars(facts), body=body)


def _send(outgoing: Outgoing) -> Generator[Effect, Any, Union[tuple[httpx.Response, Optional[str]], Exception]]:
    """The first answer that is no redirect, or one with the reason why it is not followed."""
    fields = {name: value for name, value in vars(outgoing).items() if name != "is_safe_to_repeat"}
    hop = Hop(**fields, has_credential=True)
    followed = 0
    while True:
        request = httpx.Request(hop.method, hop.url, headers=hop.headers, **hop.content)
        response: Union[httpx.Response, Exception] = yield Send(request, hop.has_credential)
        if isinstance(response, Exception):
            return response
        following = next_hop(hop, response, followed)
        if following is None or isinstance(following, str):
            return response, following
        yield Close(response)
        hop = following
        followed += 1


def facts_of(status: int, headers: httpx.Headers, settings: Settings) -> Facts:
    """Whatever becomes part of an error or of the client is made of these, so the key is taken out here."""
    shown = settings.redact.headers(headers)
    request_id = shown.get("x-request-id", shown.get("request-id"))
    return Facts(status, shown, request_id, read_usage(shown, settings.now()))


def failure_of(error: Exception, settings: Settings, url: httpx.URL, timeout: float) -> ApiError:
    """A time-out or a broken connection, with a cause that holds no request."""
    host = url.netloc.decode("ascii")
    # Before Python 3.11 asyncio has a TimeoutError of its own.
    if isinstance(error, (Expired, httpx.TimeoutException, builtins.TimeoutError, asyncio.TimeoutError)):
        return TimeoutError(f"No answer from {host} within {timeout:g} s.")
    reason = settings.redact.text(str(error)).rstrip(".") or type(error).__name__
    failure = ConnectionError(f"The connection to {host} failed: {reason}.")
    failure.__cause__ = settings.redact.cause(error)
    return failure
