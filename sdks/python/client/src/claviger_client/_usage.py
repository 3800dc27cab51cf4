"""What an answer's headers say about what was used and what is left. Pure; an unreadable header counts as absent."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Optional, Union

import httpx

from ._instant import moment, read_http_date, read_moment, read_number

Number = Union[int, float]


@dataclass(frozen=True)
class Limit:
    """One limit; ``name`` is its policy's in the RateLimit fields, ``reset_at`` is in UTC."""

    name: Optional[str] = None
    limit: Optional[Number] = None
    remaining: Optional[Number] = None
    reset_at: Optional[datetime] = None
    window_seconds: Optional[Number] = None


@dataclass(frozen=True)
class Usage(Limit):
    """The limit that counts: of X-RateLimit-*, else the policy with the least remaining.

    ``scopes`` and ``tier`` are of X-RateLimit-Scopes and X-RateLimit-Tier. ``limits`` has one entry for each policy of RateLimit
    and RateLimit-Policy, the one with the least remaining first.
    """

    retry_after_seconds: Optional[float] = None
    scopes: Optional[tuple[str, ...]] = None
    tier: Optional[str] = None
    limits: tuple[Limit, ...] = ()


def read_usage(headers: httpx.Headers, now: float) -> Usage:
    """``now`` is in seconds since 1970."""
    limits = _read_limits(headers, now)

    def of(name: str) -> Optional[str]:
        value: Optional[str] = headers.get(f"x-ratelimit-{name}", headers.get(f"ratelimit-{name}"))
        return value

    def count(name: str) -> Optional[Number]:
        # Some servers add their policy to the number: `100, 100;w=60`.
        return read_number(re.split("[,;]", of(name) or "")[0])

    plain = Limit(limit=count("limit"), remaining=count("remaining"), reset_at=read_moment(of("reset"), now))
    counts = plain if plain != Limit() else (limits[0] if limits else Limit())
    scopes = of("scopes")
    return Usage(
        **vars(counts),
        retry_after_seconds=_read_retry_after(headers, now),
        scopes=None if scopes is None else tuple(re.findall(r"[^\s,]+", scopes)),
        tier=of("tier"),
        limits=tuple(limits),
    )


def _read_retry_after(headers: httpx.Headers, now: float) -> Optional[float]:
    """Retry-After in seconds or as a date (RFC 9110 section 10.2.3); retry-after-ms is finer and goes first."""
    milliseconds = read_number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    seconds = read_number(text)
    if seconds is not None:
        return seconds
    date = read_http_date(text)
    return None if date is None else max(0.0, date.timestamp() - now)


#: A member of a list or dictionary (RFC 9651), and one of its parts: what commas and semicolons part, outside of quotes.
_MEMBER = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^",])+')
_PART = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^";])+')


def _read_limits(headers: httpx.Headers, now: float) -> list[Limit]:
    """The RateLimit fields of the IETF (draft-ietf-httpapi-ratelimit-headers).

    They are ``"name";r=50;t=30`` and ``"name";q=100;w=60``, and were ``limit=100, remaining=50, reset=30`` and ``100;w=60`` in
    the drafts up to 7.
    """
    by_name: dict[Optional[str], Limit] = {}
    for field in ("ratelimit-policy", "ratelimit"):
        for member in _MEMBER.findall(headers.get(field, "")):
            first, *parts = [part.strip() for part in _PART.findall(member)] or [""]
            is_named = not re.match(r'[0-9]+$|[^"]+=', first)
            name = re.sub(r'^"|"$', "", first) if is_named else None
            words = [first if is_named or "=" in first else f"q={first}", *parts]
            known = {key: value for key, value in vars(_read_words(words, now)).items() if value is not None}
            by_name[name] = replace(by_name.get(name, Limit(name=name)), **known)
    return sorted(by_name.values(), key=lambda one: math.inf if one.remaining is None else one.remaining)


def _read_words(parts: list[str], now: float) -> Limit:
    words = dict((part.split("=") + [""])[:2] for part in parts)
    seconds = read_number(words.get("t", words.get("reset")))
    return Limit(
        limit=read_number(words.get("q", words.get("limit"))),
        remaining=read_number(words.get("r", words.get("remaining"))),
        reset_at=None if seconds is None else moment(now + seconds),
        window_seconds=read_number(words.get("w")),
    )
