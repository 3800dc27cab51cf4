"""Says whether a failed attempt is worth another, and after how long. Pure; waiting is the client's work."""

from __future__ import annotations

from typing import Callable, Optional

from ._errors import ApiError

_FIRST_WAIT_SECONDS = 0.5
_LONGEST_OWN_WAIT_SECONDS = 8.0
#: What a server may ask for; a caller who is told to wait longer wants to know at once.
_LONGEST_ASKED_WAIT_SECONDS = 60.0
#: Clients that were all told the same come back spread over this long.
_SPREAD_SECONDS = 0.5


def is_worth_retrying(error: ApiError, is_safe_to_repeat: bool) -> bool:
    """Whether the error is of a kind that may pass.

    The server's own word goes first: it knows whether a repetition does harm.
    """
    asked = error.headers.get("x-should-retry") if error.headers is not None else None
    if asked == "true":
        return True
    # Without a status the connection broke, which may pass too.
    status = 500 if error.status is None else error.status
    return asked != "false" and is_safe_to_repeat and (status in (408, 409, 429) or status >= 500)


def wait_before_retry(error: ApiError, retries: int, random: Callable[[], float]) -> Optional[float]:
    """Seconds to wait after ``retries`` retries, or None when the server asks for more than a minute.

    What it asks for is waited in full and up to half a second longer; without its word the wait doubles each time, and is up to a
    quarter shorter.
    """
    asked = error.retry_after_seconds or 0
    if asked > _LONGEST_ASKED_WAIT_SECONDS:
        return None
    if asked > 0:
        return asked + random() * _SPREAD_SECONDS
    # Beyond 2**10 the ceiling holds anyway, and a float would end.
    doubled: float = _FIRST_WAIT_SECONDS * 2 ** min(retries, 10)
    return min(doubled, _LONGEST_OWN_WAIT_SECONDS) * (1 - random() / 4)
