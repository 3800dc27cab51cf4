"""The errors that a client raises, one class for each thing a caller may want to do about it; they never hold the key.

::

    ClientError
    ├─ ConfigurationError        no key, a wrong one, a browser: nothing was sent
    └─ ApiError                  status, code, request_id, headers, body, usage, retry_after_seconds
       ├─ AuthenticationError    401
       ├─ PaymentRequiredError   402
       ├─ PermissionError        403, also a builtins.PermissionError
       ├─ NotFoundError          404
       ├─ ConflictError          409
       ├─ RateLimitError         429
       ├─ ServerError            500 and above
       └─ ConnectionError        no answer, or one that broke off; also a builtins.ConnectionError
          └─ TimeoutError        also a builtins.TimeoutError
"""

from __future__ import annotations

import builtins
from typing import Any, Optional

import httpx

from ._usage import Usage


class ClientError(Exception):
    """Everything that this package raises, except TypeError for a call that cannot be meant."""


class ConfigurationError(ClientError):
    """The client cannot be made: no key, a key that cannot be one, a browser. Nothing was sent."""


class ApiError(ClientError):
    """The call failed. ``status`` is None when no answer came.

    ``code`` is the API's own word for what went wrong. ``body`` is parsed if it is JSON, else its text; what came of it, if it
    broke off.
    """

    def __init__(
        self,
        message: str,
        *,
        status: Optional[int] = None,
        code: Optional[str] = None,
        request_id: Optional[str] = None,
        headers: Optional[httpx.Headers] = None,
        body: Any = None,
        usage: Optional[Usage] = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.request_id = request_id
        self.headers = headers
        self.body = body
        self.usage = usage

    @property
    def retry_after_seconds(self) -> Optional[float]:
        """What the server asked to wait, also where that was too long to be waited for."""
        return self.usage.retry_after_seconds if self.usage else None


class AuthenticationError(ApiError):
    """401."""


class PaymentRequiredError(ApiError):
    """402."""


# The three that share a builtin's name are builtins too: whoever catches the builtin by mistake catches them all the same.
class PermissionError(ApiError, builtins.PermissionError):
    """403."""


class NotFoundError(ApiError):
    """404."""


class ConflictError(ApiError):
    """409."""


class RateLimitError(ApiError):
    """429."""


class ServerError(ApiError):
    """500 and above."""


class ConnectionError(ApiError, builtins.ConnectionError):
    """No answer, or one that broke off."""


class TimeoutError(ConnectionError, builtins.TimeoutError):
    """No answer in time."""


_BY_STATUS: dict[int, type[ApiError]] = {
    401: AuthenticationError,
    402: PaymentRequiredError,
    403: PermissionError,
    404: NotFoundError,
    409: ConflictError,
    429: RateLimitError,
}


def error_class_of(status: int) -> type[ApiError]:
    """The class for a status that is not a success."""
    return _BY_STATUS.get(status, ServerError if status >= 500 else ApiError)
