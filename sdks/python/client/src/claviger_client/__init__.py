"""Makes the client of an API that is sold by keys. A vendor's client is a subclass of Client or AsyncClient with a definition."""

from ._answer import Answer
from ._async_client import AsyncClient
from ._client import Client
from ._definition import Definition, KeyTemplate, Query, Region, StreamKind
from ._errors import (
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
    TimeoutError,
)
from ._lines import ServerSentEvent
from ._stream import AsyncStream, Stream
from ._usage import Limit, Usage

__all__ = [
    "Answer",
    "ApiError",
    "AsyncClient",
    "AsyncStream",
    "AuthenticationError",
    "Client",
    "ClientError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionError",
    "Definition",
    "KeyTemplate",
    "Limit",
    "NotFoundError",
    "PaymentRequiredError",
    "PermissionError",
    "Query",
    "RateLimitError",
    "Region",
    "ServerError",
    "ServerSentEvent",
    "Stream",
    "StreamKind",
    "TimeoutError",
    "Usage",
]
