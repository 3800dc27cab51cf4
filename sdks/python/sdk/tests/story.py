"""The story that calls every operation, and how a step is told and judged; sdks/operations/README.md says what its fields mean."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

ROOT = Path(__file__).resolve().parents[4]
STORY: dict[str, Any] = json.loads((ROOT / "sdks/operations/every-operation.json").read_text(encoding="utf-8"))


def snake(name: str) -> str:
    plain = re.sub(r"(?<=[a-z])([A-Z])", lambda match: "_" + match[1].lower(), name)
    return f"{plain}_" if plain == "from" else plain


def filled(value: Any, words: dict[str, str]) -> Any:
    """With every text that is ``{name}``, or holds it, filled in."""
    if isinstance(value, str):
        return re.sub(r"\{(\w+)\}", lambda match: words.get(match[1], match[0]), value)
    if isinstance(value, list):
        return [filled(one, words) for one in value]
    if isinstance(value, dict):
        return {name: filled(one, words) for name, one in value.items()}
    return value


def check_holds(found: Any, expected: Any, where: str) -> None:
    """Lists have as many entries as are expected, objects at least the fields."""
    if is_dataclass(found) and not isinstance(found, type):
        found = asdict(found)
    if isinstance(expected, dict):
        for name, one in expected.items():
            check_holds(found[name], one, f"{where}.{name}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), where
        for index, one in enumerate(expected):
            check_holds(found[index], one, f"{where}.{index}")
    else:
        assert found == expected, where


def pick(value: Any, path: str) -> str:
    for name in path.split("."):
        value = value[int(name)] if name.isdigit() else value[name]
    assert isinstance(value, str)
    return value


def accept_invitation(link: str) -> None:
    """As the page does to which the link of an invitation leads, for somebody who has not been there before."""
    place = urlsplit(link)
    origin = f"{place.scheme}://{place.netloc}"
    (token,) = parse_qs(place.fragment)["token"]
    answer = httpx.post(
        f"{origin}/auth/invitations/accept",
        headers={"x-claviger-request": "1", "origin": origin},
        json={"token": token, "name": "Somebody", "password": "a phrase that nobody else has"},
    )
    assert answer.status_code == 204, answer.text


def arguments_of(step: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    positional = [*step.get("path", []), *([step["body"]] if "body" in step else [])]
    return positional, {snake(name): value for name, value in step.get("query", {}).items()}
