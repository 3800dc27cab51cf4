"""The servers that a runner outside has started, and what they are told and have seen. It judges nothing."""

from __future__ import annotations

import json
import os
import urllib.request
from dataclasses import dataclass
from typing import Any

import pytest

#: A key that fits ``acme_{secret:40}`` and was never issued.
KEY = "acme_Xk2vT9qLw4RbN7yHc0ZsDf3mPjGa8eUi1o3ggyYj"


@dataclass(frozen=True)
class Servers:
    here: str
    there: str
    nowhere: str
    control: str
    #: Greets, and echoes texts.
    web_socket: str
    #: Refuses every handshake with 401.
    web_socket_refusing: str
    #: Sends every handshake on to ``web_socket``.
    web_socket_redirecting: str
    #: Never answers a handshake.
    web_socket_silent: str

    def play(self, answers: list[dict[str, Any]]) -> None:
        self._control(json.dumps(answers).encode())

    def seen(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self._control(None))
        return found

    def _control(self, data: bytes | None) -> bytes:
        method = "GET" if data is None else "PUT"
        with urllib.request.urlopen(urllib.request.Request(self.control, data=data, method=method)) as answer:
            body: bytes = answer.read()
            return body


SERVERS = Servers(**json.loads(os.environ["CLAVIGER_KIT_SERVERS"]))


@pytest.fixture
def servers() -> Servers:
    SERVERS.play([])
    return SERVERS
