"""Says where a redirect leads and what may be sent there. Pure; following it is the attempt's work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Union

import httpx

#: Beyond it two servers are sending the client round in a circle.
_MAX_REDIRECTS = 10


@dataclass(frozen=True)
class Hop:
    """What is sent next; ``has_credential`` says whether the key goes with it."""

    method: str
    url: httpx.URL
    headers: httpx.Headers
    content: Mapping[str, Any]
    is_replayable: bool
    has_credential: bool


def next_hop(hop: Hop, answer: httpx.Response, followed: int) -> Union[Hop, str, None]:
    """The next hop; None when the answer is no redirect; a text that says why when it cannot be followed.

    Methods as in RFC 9110 section 15.4 and in fetch: 303 makes a GET of all but GET and HEAD, 301 and 302 of POST, 307 and 308
    change nothing. What names the caller stays behind for good at the first step to another origin.
    """
    if answer.status_code not in (301, 302, 303, 307, 308):
        return None
    if followed == _MAX_REDIRECTS:
        return "it is one too many"
    try:
        target = httpx.URL(answer.headers.get("location", "http://"))
        # `http://` alone would be taken for the address that it came from.
        url = target if target.scheme else hop.url.join(target)
    except (httpx.InvalidURL, ValueError):
        return "its target is no plain http or https URL"
    # A URL with a user in it would send a password.
    if not re.fullmatch("https?", url.scheme) or not url.host or url.userinfo:
        return "its target is no plain http or https URL"
    status = answer.status_code
    turns_to_get = (status == 303 and hop.method not in ("GET", "HEAD")) or (status < 303 and hop.method == "POST")
    if not turns_to_get and not hop.is_replayable:
        return "the body is spent"
    headers = hop.headers.copy()
    is_same_origin = _origin_of(url) == _origin_of(hop.url)
    secrets = () if is_same_origin else ("authorization", "proxy-authorization", "cookie")
    for name in (*secrets, *(("content-type", "idempotency-key") if turns_to_get else ())):
        headers.pop(name, None)
    return Hop(
        method="GET" if turns_to_get else hop.method,
        url=url,
        headers=headers,
        content={} if turns_to_get else hop.content,
        is_replayable=turns_to_get or hop.is_replayable,
        has_credential=hop.has_credential and is_same_origin,
    )


def _origin_of(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}[url.scheme]
