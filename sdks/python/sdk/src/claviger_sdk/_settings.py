"""What both clients go by, and how an operation becomes arguments of a request. It sends nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Optional
from urllib.parse import quote, urlencode

from claviger_client import ApiError, ConfigurationError, Definition

DEFINITION = Definition(
    name="Claviger",
    environment_variable="CLAVIGER_ROOT_KEY",
    base_url="http://127.0.0.1:4000",
    base_url_environment_variable="CLAVIGER_URL",
    key_format="claviger_root_{secret:40}",
    headers={"user-agent": "claviger-sdk-python/0.1.0"},
)


def in_our_words(error: ConfigurationError) -> ConfigurationError:
    """The kit speaks of API keys."""
    words = str(error).replace("API key", "root key").replace("api_key", "root_key")
    return ConfigurationError(words.replace(" (dangerously_allow_browser)", ""))


def path_of(segments: Sequence[str]) -> str:
    """Raises TypeError for an empty one or dots: they would be folded away, and the call would reach another operation."""
    if any(re.fullmatch(r"\.{0,2}", segment) for segment in segments):
        raise TypeError("A name or an id is empty.")
    return "".join(f"/{quote(segment, safe='')}" for segment in segments)


def content_of(body: Any, form: Optional[Mapping[str, Any]], file: Any) -> dict[str, Any]:
    """The arguments for a body as JSON, as a form, or as a file that is YAML if it is a text."""
    if form is not None:
        fields = {name: value for name, value in form.items() if value is not None}
        return {"body": urlencode(fields), "headers": {"content-type": "application/x-www-form-urlencoded"}}
    if isinstance(file, str):
        return {"body": file, "headers": {"content-type": "application/yaml"}}
    return {"body": body if file is None else file}


def is_result(error: ApiError, also_results: Sequence[int]) -> bool:
    return error.status in also_results and isinstance(error.body, dict)


def parse_line(line: str) -> Any:
    """Gives the error and does not raise it: a line may hold what is not to be seen in a traceback."""
    try:
        return json.loads(line)
    except ValueError:
        return ApiError("A line of the answer is not the JSON it says.")
