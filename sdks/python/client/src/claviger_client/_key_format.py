"""Tells whether a text can be a key of a format, by its form and checksum; it never repeats the text."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from typing import Optional, Union

from ._definition import KeyFormat, KeyTemplate

_CHECKSUM_LENGTH = 6
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

#: RFC 6750 section 2.1: what may follow ``Bearer``.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


def key_problem(key: str, formats: Union[KeyFormat, Sequence[KeyFormat], None]) -> Optional[str]:
    """What is wrong with a key, to follow "the key …"; None when nothing is."""
    if not _TOKEN.fullmatch(key):
        return "is empty or has white space or another character that no key has"
    if formats is None:
        return None
    several = [formats] if isinstance(formats, (str, KeyTemplate, re.Pattern)) else formats
    problems = [_problem_with(key, one) for one in several]
    return None if None in problems else ", and ".join(problem for problem in problems if problem)


def _problem_with(key: str, key_format: KeyFormat) -> Optional[str]:
    if isinstance(key_format, re.Pattern):
        return _problem_of_form(key, key_format.pattern, key_format)
    known = KeyTemplate(key_format) if isinstance(key_format, str) else key_format
    form = re.sub(r"\{\w+:(\d+)\}", r"{\1 letters and digits}", known.template)
    source = known.template.replace(".", r"\.").replace("{env}", "[a-z0-9][a-z0-9_-]*")
    source = re.sub(r"\{\w+:(\d+)\}", r"[0-9A-Za-z]{\1}", source)
    problem = _problem_of_form(key, form, re.compile(source))
    if problem is not None or known.checksum == "none":
        return problem
    fits = key.endswith(_checksum_of(key[:-_CHECKSUM_LENGTH]))
    return None if fits else "is mistyped or cut short"


def _problem_of_form(key: str, form: str, pattern: re.Pattern[str]) -> Optional[str]:
    if pattern.fullmatch(key):
        return None
    return f"does not have the form {form} (it has {len(key)} characters)"


def _checksum_of(text: str) -> str:
    """Base62 of the CRC-32 (IEEE 802.3), most significant digit first, six characters."""
    rest = zlib.crc32(text.encode("ascii"))
    digits = ""
    while len(digits) < _CHECKSUM_LENGTH:
        rest, digit = divmod(rest, 62)
        digits = _BASE62[digit] + digits
    return digits
