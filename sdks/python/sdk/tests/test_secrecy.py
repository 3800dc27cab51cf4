"""Promise: the root key shows nowhere, and without a right one nothing is sent and the words are about root keys."""

from __future__ import annotations

import json
import os
import traceback

import pytest

import claviger_sdk as sdk
from secrecy import check_secrecy, texts_of

URL: str = json.loads(os.environ["CLAVIGER_OPERATED"])["sync"]["url"]
#: Fits the form of root keys and was never issued.
ROOT_KEY = "claviger_root_Xk2vT9qLw4RbN7yHc0ZsDf3mPjGa8eUi1o2sKgPA"


def test_it_comes_from_the_environment_and_shows_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAVIGER_ROOT_KEY", f"{ROOT_KEY}\n")
    monkeypatch.setenv("CLAVIGER_URL", f"{URL}/")
    with sdk.Claviger() as claviger:
        with pytest.raises(sdk.AuthenticationError) as caught:
            claviger.list_projects()
        assert claviger.url == URL
        check_secrecy([claviger, caught.value, claviger.__dict__], ROOT_KEY)


@pytest.mark.parametrize("client", [sdk.Claviger, sdk.AsyncClaviger])
def test_a_mistyped_one_is_refused_without_being_shown(client: type[sdk.Claviger]) -> None:
    mistyped = ROOT_KEY[:-1] + "B"
    with pytest.raises(sdk.ConfigurationError, match="root key passed as root_key is mistyped") as caught:
        client(root_key=mistyped)
    check_secrecy([caught.value], mistyped)
    # Nor in the frames of this package, which a reporter of errors would send.
    stack = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
    ours = [frame for frame in stack if "claviger_sdk" in frame.filename]
    assert ours and all(mistyped not in str(frame.locals) for frame in ours)
    assert caught.value.__context__ is None
    assert all("API key" not in text for text in texts_of(caught.value))


def test_without_one_the_words_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLAVIGER_ROOT_KEY", raising=False)
    with pytest.raises(sdk.ConfigurationError, match=r"^No Claviger root key: pass root_key or set CLAVIGER_ROOT_KEY\.$"):
        sdk.Claviger()
