"""Looks for a key in every representation of a value that a program, a log or a reporter of errors could show."""

from __future__ import annotations

import logging
import pprint
import traceback
from typing import Any, Optional


class Log(logging.Handler):
    """Everything that any library logs."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage()
        # What httpcore writes of an answer is the server's, the key too if it echoes one.
        if not line.startswith("receive_response_"):
            self.lines.append(line)


def texts_of(value: Any) -> list[str]:
    texts = [repr(value), str(value), f"{value}", pprint.pformat(value)]
    seen: Optional[BaseException] = value if isinstance(value, BaseException) else None
    if seen is not None:
        texts += traceback.format_exception(type(seen), seen, seen.__traceback__)
        # What a reporter of errors would send: the variables of each frame. Those of the tests hold the key by right.
        frames = traceback.TracebackException.from_exception(seen, capture_locals=True).stack
        texts += [str(frame.locals) for frame in frames if "claviger_client" in frame.filename]
    while seen is not None:
        texts += [repr(seen), str(seen), repr(seen.args), repr(vars(seen))]
        assert seen.__context__ is None or seen.__context__ is seen.__cause__, "an exception behind the exception"
        seen = seen.__cause__
    if hasattr(value, "__dict__"):
        texts += [repr(inner) for inner in vars(value).values()]
    return texts


def check_secrecy(shown: list[Any], secret: str) -> None:
    for value in shown:
        for text in texts_of(value):
            assert secret not in text, f"the key shows in {type(value).__name__}: {text[:2000]}"
