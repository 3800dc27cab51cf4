"""Cuts a body into lines and server-sent events as it arrives. Knows nothing of where it comes from."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Optional

#: Lines end in these and nothing else: str.splitlines would also cut at U+2028, which may stand in JSON.
_END = re.compile(r"\r\n|\r|\n")
_FIELD = re.compile(r"([^:]*)(?:: ?(.*))?", re.DOTALL)


class LineCutter:
    """The last line needs no end."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._begun: list[str] = []
        self._ended_in_return = False

    def feed(self, chunk: bytes) -> list[str]:
        """The lines that ended in this chunk."""
        return self._cut(self._decoder.decode(chunk))

    def finish(self) -> list[str]:
        """What was begun when the body ended."""
        last = self._cut(self._decoder.decode(b"", True))
        rest = "".join(self._begun)
        return [*last, rest] if rest else last

    def _cut(self, text: str) -> list[str]:
        if self._ended_in_return and text.startswith("\n"):
            text = text[1:]
        elif text == "":
            return []
        self._ended_in_return = text.endswith("\r")
        *lines, begun = _END.split(text)
        if lines:
            lines[0] = "".join([*self._begun, lines[0]])
            self._begun = []
        self._begun.append(begun)
        return lines


@dataclass(frozen=True)
class ServerSentEvent:
    """``event`` is ``message`` unless the server names another; ``id`` the last one sent, with this event or before it."""

    event: str
    data: str
    id: Optional[str]


class EventReader:
    """HTML standard, section 9.2.6. An event without data, or without the empty line after it, is none."""

    def __init__(self) -> None:
        self._event = ""
        self._data: list[str] = []
        self._id: Optional[str] = None

    def feed(self, line: str) -> Optional[ServerSentEvent]:
        """The event that ends with this line, if one does."""
        if line == "":
            event = ServerSentEvent(self._event or "message", "\n".join(self._data), self._id) if self._data else None
            self._event, self._data = "", []
            return event
        match = _FIELD.fullmatch(line)
        field, value = match.groups("") if match else ("", "")
        if field == "event":
            self._event = value
        elif field == "data":
            self._data.append(value)
        elif field == "id" and "\0" not in value:
            self._id = value
        return None
