"""Promise: a webhook is believed as the published vectors say."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import traceback
from typing import Any

import pytest

import claviger_sdk as sdk
from story import ROOT

CASES: list[dict[str, Any]] = json.loads((ROOT / "sdks/webhooks/vectors.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
@pytest.mark.parametrize("is_bytes", [True, False])
def test_vector(case: dict[str, Any], is_bytes: bool) -> None:
    body = case["body"].encode() if is_bytes else case["body"]
    tolerance = case.get("toleranceSeconds", 300)
    arguments = (body, case["headers"], case["secret"])
    if "fault" in case:
        with pytest.raises(sdk.WebhookError) as caught:
            sdk.check_webhook(*arguments, tolerance_seconds=tolerance, now=lambda: case["nowSeconds"])
        assert caught.value.fault == case["fault"]
        return
    webhook = sdk.check_webhook(*arguments, tolerance_seconds=tolerance, now=lambda: case["nowSeconds"])
    told = {name.lower(): value for name, value in case["headers"].items()}
    assert webhook.body == case["result"]
    assert webhook.id == told["webhook-id"]
    assert webhook.sent_at.timestamp() == int(told["webhook-timestamp"])


def test_the_clock_is_real_unless_it_is_told() -> None:
    case = CASES[0]
    with pytest.raises(sdk.WebhookError) as caught:
        sdk.check_webhook(case["body"], case["headers"], case["secret"])
    assert caught.value.fault == "too_old"


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_ not base64"])
def test_a_secret_that_is_none_is_a_mistake_of_the_program(secret: str) -> None:
    case = CASES[0]
    with pytest.raises(TypeError) as caught:
        sdk.check_webhook(case["body"], case["headers"], secret)
    assert "not base64" not in str(caught.value)


def test_what_was_truly_sent_and_is_no_json_is_a_value_error() -> None:
    signature = base64.b64encode(hmac.new(b"7" * 24, b"m.1.{", hashlib.sha256).digest()).decode()
    headers = {"webhook-id": "m", "webhook-timestamp": "1", "webhook-signature": f"v1,{signature}"}
    secret = "whsec_" + base64.b64encode(b"7" * 24).decode()
    with pytest.raises(ValueError):
        sdk.check_webhook("{", headers, secret, now=lambda: 1)


@pytest.mark.parametrize("case", [case for case in CASES if "fault" in case], ids=lambda case: str(case["name"]))
def test_the_secret_is_among_no_variables_of_a_traceback(case: dict[str, Any]) -> None:
    with pytest.raises(sdk.WebhookError) as caught:
        sdk.check_webhook(case["body"], case["headers"], case["secret"], now=lambda: case["nowSeconds"] + 1000)
    stack = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
    ours = [str(frame.locals) for frame in stack if "claviger_sdk" in frame.filename]
    assert ours
    secret = case["secret"].replace("whsec_", "")
    for shown in (secret, str(base64.b64decode(secret))):
        assert all(shown not in text for text in ours)
