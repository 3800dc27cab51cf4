"""Reads the numbers and moments that servers write into headers. Pure; what is not clearly one of the known forms is None."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Optional, Union

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?(e[0-9]+)?", re.IGNORECASE)
#: RFC 9110 section 5.6.7: IMF-fixdate, and RFC 850's form; asctime's, which names no zone, is not read.
_HTTP_DATE = re.compile(r"[A-Z][a-z]{2,8}, [\w -]+ \d\d:\d\d:\d\d GMT", re.ASCII)
_ISO_DATE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII | re.IGNORECASE
)

#: Numbers from here on are moments since 1970, not spans: in seconds it is the year 2001, as a span 31 years.
_FIRST_EPOCH_SECOND = 1e9
_FIRST_EPOCH_MILLISECOND = 1e12


def read_number(text: Optional[str]) -> Union[int, float, None]:
    """A number of at least 0, a fraction too."""
    if text is None or not _NUMBER.fullmatch(text.strip()):
        return None
    value = float(text)
    return int(value) if value.is_integer() else value


def read_http_date(text: Optional[str]) -> Optional[datetime]:
    """A moment as an HTTP date."""
    if text is None or not _HTTP_DATE.fullmatch(text):
        return None
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return date.replace(tzinfo=timezone.utc) if date.tzinfo is None else date.astimezone(timezone.utc)


def read_moment(text: Optional[str], now: float) -> Optional[datetime]:
    """A moment as ISO 8601, an HTTP date, seconds or milliseconds since 1970, or seconds from now; ``now`` is in seconds."""
    value = read_number(text)
    if value is None:
        return _read_iso_date(text) or read_http_date(text)
    if value >= _FIRST_EPOCH_MILLISECOND:
        return moment(value / 1000)
    return moment(value if value >= _FIRST_EPOCH_SECOND else now + value)


def moment(seconds: float) -> Optional[datetime]:
    """Seconds since 1970; None if no date holds them."""
    try:
        return datetime.fromtimestamp(0, timezone.utc) + timedelta(milliseconds=round(seconds * 1000))
    except (OverflowError, ValueError):
        return None


def _read_iso_date(text: Optional[str]) -> Optional[datetime]:
    match = _ISO_DATE.fullmatch(text or "")
    if match is None:
        return None
    *fields, second, fraction, sign, hours, minutes = match.groups()
    try:
        year, month, day, hour, minute = (int(value) for value in fields)
        date = datetime(year, month, day, hour, minute, int(second or 0), tzinfo=timezone.utc)
        away = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        return date + timedelta(seconds=float(fraction or 0)) + (away if sign == "-" else -away)
    except (OverflowError, ValueError):
        return None
