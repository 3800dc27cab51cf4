"""The control plane of Claviger as typed methods, and the check of webhooks. ``claviger_sdk.shapes`` holds what they take and give."""

from claviger_client import (
    ApiError,
    AuthenticationError,
    ClientError,
    ConfigurationError,
    ConflictError,
    ConnectionError,
    NotFoundError,
    PaymentRequiredError,
    PermissionError,
    RateLimitError,
    ServerError,
    ServerSentEvent,
    TimeoutError,
)

from . import shapes
from ._claviger import AsyncClaviger, Claviger
from ._problem import problem_of
from ._webhook import Webhook, WebhookError, WebhookFault, check_webhook

__all__ = [
    "ApiError",
    "AsyncClaviger",
    "AuthenticationError",
    "Claviger",
    "ClientError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionError",
    "NotFoundError",
    "PaymentRequiredError",
    "PermissionError",
    "RateLimitError",
    "ServerError",
    "ServerSentEvent",
    "TimeoutError",
    "Webhook",
    "WebhookError",
    "WebhookFault",
    "check_webhook",
    "problem_of",
    "shapes",
]
