"""Tells whether a webhook is from whom it says (Standard Webhooks 1.0: webhook-id, webhook-timestamp, webhook-signature). Pure but for
the clock, which may be handed in; it never repeats a secret or a signature."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Callable, Literal, Optional, Union

from claviger_client import ClientError

#: Why a delivery is not to be believed.
WebhookFault = Literal["missing_header", "bad_timestamp", "too_old", "too_new", "bad_signature"]

_WORDS: Mapping[WebhookFault, str] = {
    "missing_header": "The delivery lacks webhook-id, webhook-timestamp or webhook-signature.",
    "bad_timestamp": "webhook-timestamp is no number of seconds.",
    "too_old": "The delivery is older than is tolerated.",
    "too_new": "The delivery is from further in the future than is tolerated.",
    "bad_signature": "No signature of the delivery fits.",
}

#: What a header may hold at most; each costs a calculation.
_MAX_SIGNATURES = 16


class WebhookError(ClientError):
    def __init__(self, fault: WebhookFault) -> None:
        super().__init__(_WORDS[fault])
        self.fault: WebhookFault = fault


@dataclass(frozen=True)
class Webhook:
    """``id`` is the same over all attempts to deliver it: what was seen before is to be left alone. ``sent_at`` is in UTC."""

    id: str
    sent_at: datetime
    body: Any


def check_webhook(
    body: Union[bytes, str],
    headers: Mapping[str, str],
    secret: Union[str, Sequence[str]],
    *,
    tolerance_seconds: float = 300,
    now: Callable[[], float] = time.time,
) -> Webhook:
    """The delivery, its body parsed as JSON.

    ``body`` is as it came: parsed and written again it would be another. ``headers`` are of any spelling. ``secret`` is ``whsec_``
    and base64, or several while it is being changed. ``now`` is in seconds since 1970. Raises WebhookError for a delivery that is
    not to be believed, TypeError for a secret that is none, and ValueError when what was truly sent is no JSON.
    """
    told = {name.lower(): value for name, value in headers.items()}
    content = body.encode() if isinstance(body, str) else body
    outcome = _judge(told, content, secret, tolerance_seconds, now())
    # A reporter of errors may show the variables of each frame.
    del secret
    if outcome == "no_secret":
        raise TypeError("A webhook's secret is whsec_ and base64.")
    if outcome is not None:
        raise WebhookError(outcome)
    sent_at = datetime.fromtimestamp(int(told["webhook-timestamp"]), timezone.utc)
    return Webhook(id=told["webhook-id"], sent_at=sent_at, body=json.loads(content.decode()))


def _judge(
    told: Mapping[str, str], content: bytes, secret: Union[str, Sequence[str]], tolerance_seconds: float, now: float
) -> Union[WebhookFault, Literal["no_secret"], None]:
    """Raises nothing: its variables hold the secret."""
    keys = [_key_of(one) for one in ([secret] if isinstance(secret, str) else secret)]
    if not all(keys):
        return "no_secret"
    name, timestamp, signatures = (told.get(f"webhook-{one}") for one in ("id", "timestamp", "signature"))
    if not name or not timestamp or not signatures:
        return "missing_header"
    if not re.fullmatch(r"[0-9]{1,12}", timestamp):
        return "bad_timestamp"
    age = int(now) - int(timestamp)
    if age > tolerance_seconds:
        return "too_old"
    if age < -tolerance_seconds:
        return "too_new"
    signed = f"{name}.{timestamp}.".encode() + content
    return None if _is_signed(signed, signatures, keys) else "bad_signature"


def _is_signed(signed: bytes, signatures: str, keys: Sequence[bytes]) -> bool:
    """``v1,<base64>``, with spaces between several; other versions are passed over."""
    fits = False
    for entry in signatures.split(" ")[:_MAX_SIGNATURES]:
        version, _, text = entry.partition(",")
        signature = _decode(text) if version == "v1" else None
        if signature is None:
            continue
        for key in keys:
            # In constant time, and all of them whatever the first one says.
            fits = hmac.compare_digest(hmac.new(key, signed, hashlib.sha256).digest(), signature) or fits
    return fits


def _key_of(secret: str) -> bytes:
    """Empty for what is no secret."""
    return _decode(secret[len("whsec_") :] if secret.startswith("whsec_") else secret) or b""


def _decode(text: str) -> Optional[bytes]:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
