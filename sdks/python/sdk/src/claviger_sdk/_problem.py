"""Finds the problem details (RFC 9457) that a refusal of the control plane came with."""

from __future__ import annotations

from typing import Optional, cast

from claviger_client import ApiError

from .shapes import Problem


def problem_of(error: BaseException) -> Optional[Problem]:
    """None for anything else, such as an answer of a proxy or none at all."""
    if not isinstance(error, ApiError) or error.headers is None:
        return None
    content_type: str = error.headers.get("content-type", "")
    body = error.body
    if not content_type.lower().startswith("application/problem+json") or not isinstance(body, dict):
        return None
    fits = isinstance(body.get("code"), str) and isinstance(body.get("detail"), str) and isinstance(body.get("status"), int)
    return cast(Problem, body) if fits else None
