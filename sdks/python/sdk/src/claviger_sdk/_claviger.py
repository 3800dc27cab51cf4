"""The operator's clients: every operation of the control plane as a method. They hold nothing of their own."""

from __future__ import annotations

from ._operations import AsyncOperations, Operations


class Claviger(Operations):
    """With a root key of CLAVIGER_ROOT_KEY or of the arguments, which no representation shows."""


class AsyncClaviger(AsyncOperations):
    """As Claviger, for asyncio and trio."""
