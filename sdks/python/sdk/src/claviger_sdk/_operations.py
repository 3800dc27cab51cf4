"""One method for each operation of the control plane, generated from openapi.json by `npm run generate`; may not be edited."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, Optional, Union

from ._performer import AsyncPerformer, Performer
from .shapes import (
    Account,
    AccountChange,
    AccountPage,
    AppliedProject,
    AuditEntry,
    AuditEntryPage,
    BillingLine,
    CreatedKey,
    CreditsChange,
    FailPolicies,
    GetHealthResult,
    Hold,
    IntrospectKeyBody,
    Introspection,
    IssuedTicket,
    Key,
    KeyChange,
    KeyPage,
    Movement,
    MovementPage,
    NewAccount,
    NewCredits,
    NewKey,
    NewTicket,
    Project,
    ProjectFile,
    ProjectPage,
    Readiness,
    Revocation,
    RevokeMany,
    RevokedMany,
    Rotation,
    Settlement,
    Usage,
    Verdict,
    VerifyBatch,
    VerifyKeysResult,
    VerifyQuestion,
)


class Operations(Performer):
    def get_health(
        self,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> GetHealthResult:
        """Whether the process answers. ``GET /healthz``"""
        answer: GetHealthResult = self._perform(
            "GET",
            ["healthz"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def get_open_api(
        self,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Any:
        """This document. ``GET /openapi.json``"""
        answer: Any = self._perform(
            "GET",
            ["openapi.json"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def get_readiness(
        self,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Readiness:
        """Whether projects, gateway and upstreams answer. ``GET /readyz``"""
        answer: Readiness = self._perform(
            "GET",
            ["readyz"],
            also_results=(503,),
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def release_hold(
        self,
        hold: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Hold:
        """Give back all that was held. Needs the scope `keys:verify`. ``POST /v1/holds/{hold}/release``"""
        answer: Hold = self._perform(
            "POST",
            ["v1", "holds", hold, "release"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def settle_hold(
        self,
        hold: str,
        body: Settlement,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Hold:
        """Settle a hold at what the request really cost. Where the account has too little for more than was held,
        nothing is taken and the hold stays open. A repetition with the same cost changes nothing and is a 200
        again; another cost is a conflict. The pots are told as they are at the answer. Needs the scope
        `keys:verify`. ``POST /v1/holds/{hold}/settle``
        """
        answer: Hold = self._perform(
            "POST",
            ["v1", "holds", hold, "settle"],
            body=body,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def introspect_key(
        self,
        body: IntrospectKeyBody,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Introspection:
        """Introspect a key (RFC 7662). The client authenticates with Basic (the project's name and a root key) or
        with Bearer (a root key, and the project in the form). A key that has an allowlist is inactive here,
        because no address is known. Needs the scope `keys:verify`. ``POST /v1/introspect``
        """
        answer: Introspection = self._perform(
            "POST",
            ["v1", "introspect"],
            form=body,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def get_fail_policy(
        self,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> FailPolicies:
        """What each layer does when what it depends on fails. While the database is away this needs a root key that
        is still held in memory; /readyz needs none. Needs the scope `projects:read`. ``GET /v1/policy``
        """
        answer: FailPolicies = self._perform(
            "GET",
            ["v1", "policy"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def list_projects(
        self,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> ProjectPage:
        """List the projects. All of them, by name: there is one page. Needs the scope `projects:read`. ``GET
        /v1/projects``
        """
        answer: ProjectPage = self._perform(
            "GET",
            ["v1", "projects"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def get_project(
        self,
        project: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Project:
        """Read a project and its file. Needs the scope `projects:read`. ``GET /v1/projects/{project}``"""
        answer: Project = self._perform(
            "GET",
            ["v1", "projects", project],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def apply_project(
        self,
        project: str,
        body: Union[ProjectFile, str],
        *,
        dry_run: Optional[bool] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AppliedProject:
        """Create or change a project by its file. Idempotent: the same file again changes nothing. The name in the
        file must be the path's. Needs the scope `projects:write`. ``PUT /v1/projects/{project}`` ``dry_run``:
        Say what would change, and change nothing.
        """
        answer: AppliedProject = self._perform(
            "PUT",
            ["v1", "projects", project],
            query={"dryRun": dry_run},
            file=body,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def create_account(
        self,
        project: str,
        body: NewAccount,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Account:
        """Create an account. Needs the scope `accounts:write`. ``POST /v1/projects/{project}/accounts``"""
        answer: Account = self._perform(
            "POST",
            ["v1", "projects", project, "accounts"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def list_accounts(
        self,
        project: str,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AccountPage:
        """List accounts, newest first. Needs the scope `accounts:read`. ``GET /v1/projects/{project}/accounts``
        ``cursor``: The nextCursor of the page before.
        """
        answer: AccountPage = self._perform(
            "GET",
            ["v1", "projects", project, "accounts"],
            query={"limit": limit, "cursor": cursor},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def all_accounts(
        self,
        project: str,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Iterator[Account]:
        """Like ``list_accounts``, over all pages: each is asked for when it is needed."""
        return self._pages(
            "GET",
            ["v1", "projects", project, "accounts"],
            query={"limit": limit, "cursor": cursor},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    def get_account(
        self,
        project: str,
        account: str,
        *,
        environment: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Account:
        """Read an account. Needs the scope `accounts:read`. ``GET /v1/projects/{project}/accounts/{account}``
        ``environment``: Whose allowance is told; the project's first when absent.
        """
        answer: Account = self._perform(
            "GET",
            ["v1", "projects", project, "accounts", account],
            query={"environment": environment},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def update_account(
        self,
        project: str,
        account: str,
        body: Optional[AccountChange] = None,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Account:
        """Change or suspend an account. Needs the scope `accounts:write`. ``PATCH
        /v1/projects/{project}/accounts/{account}``
        """
        answer: Account = self._perform(
            "PATCH",
            ["v1", "projects", project, "accounts", account],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def change_credits(
        self,
        project: str,
        account: str,
        body: NewCredits,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> CreditsChange:
        """Add credits to an account, or take them away. Send an Idempotency-Key: a repetition after a lost answer
        would otherwise add them twice. More than the account has is not taken, and nothing changes. Needs the
        scope `accounts:write`. ``POST /v1/projects/{project}/accounts/{account}/credits``
        """
        answer: CreditsChange = self._perform(
            "POST",
            ["v1", "projects", project, "accounts", account, "credits"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def list_movements(
        self,
        project: str,
        account: str,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> MovementPage:
        """What an account's pots gained and lost, newest first. Spends and refunds can be read one by one for a
        day; then those of an hour are summed up. Needs the scope `accounts:read`. ``GET
        /v1/projects/{project}/accounts/{account}/ledger`` ``cursor``: The nextCursor of the page before.
        """
        answer: MovementPage = self._perform(
            "GET",
            ["v1", "projects", project, "accounts", account, "ledger"],
            query={"limit": limit, "cursor": cursor},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def all_movements(
        self,
        project: str,
        account: str,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Iterator[Movement]:
        """Like ``list_movements``, over all pages: each is asked for when it is needed."""
        return self._pages(
            "GET",
            ["v1", "projects", project, "accounts", account, "ledger"],
            query={"limit": limit, "cursor": cursor},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    def get_account_usage(
        self,
        project: str,
        account: str,
        *,
        by: Optional[str] = None,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        environment: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Usage:
        """Usage of an account. At most a second behind the verdicts. Needs the scope `accounts:read`. ``GET
        /v1/projects/{project}/accounts/{account}/usage`` ``by``: Groups with commas between them: environment,
        key, route, outcome, and one of hour, day, month. Default: day. ``from_``: A time, a day (2026-11-21) or
        a month (2026-11) in UTC. Default: 30 days, today among them. ``to``: In the same forms, exclusive.
        Default: now. Both are widened to whole hours. ``environment``: Of this environment only.
        """
        answer: Usage = self._perform(
            "GET",
            ["v1", "projects", project, "accounts", account, "usage"],
            query={"by": by, "from": from_, "to": to, "environment": environment},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def list_audit(
        self,
        project: str,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AuditEntryPage:
        """Who changed what, newest first. Needs the scope `audit:read`. ``GET /v1/projects/{project}/audit``
        ``cursor``: The nextCursor of the page before.
        """
        answer: AuditEntryPage = self._perform(
            "GET",
            ["v1", "projects", project, "audit"],
            query={"limit": limit, "cursor": cursor},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def all_audit(
        self,
        project: str,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Iterator[AuditEntry]:
        """Like ``list_audit``, over all pages: each is asked for when it is needed."""
        return self._pages(
            "GET",
            ["v1", "projects", project, "audit"],
            query={"limit": limit, "cursor": cursor},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    def get_project_docs(
        self,
        project: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> str:
        """The project's Authentication page, in Markdown. Needs the scope `projects:read`. ``GET
        /v1/projects/{project}/docs.md``
        """
        answer: str = self._perform(
            "GET",
            ["v1", "projects", project, "docs.md"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def create_key(
        self,
        project: str,
        body: NewKey,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> CreatedKey:
        """Create a key. The answer holds the full key. It is shown here and nowhere else. Needs the scope
        `keys:write`. ``POST /v1/projects/{project}/keys``
        """
        answer: CreatedKey = self._perform(
            "POST",
            ["v1", "projects", project, "keys"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def list_keys(
        self,
        project: str,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        account: Optional[str] = None,
        include_deleted: Optional[bool] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> KeyPage:
        """List keys, newest first, without their secrets. Needs the scope `keys:read`. ``GET
        /v1/projects/{project}/keys`` ``cursor``: The nextCursor of the page before. ``account``: Keys of this
        account only. ``include_deleted``: Deleted keys too, which are kept as tombstones.
        """
        answer: KeyPage = self._perform(
            "GET",
            ["v1", "projects", project, "keys"],
            query={"limit": limit, "cursor": cursor, "account": account, "includeDeleted": include_deleted},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def all_keys(
        self,
        project: str,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        account: Optional[str] = None,
        include_deleted: Optional[bool] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Iterator[Key]:
        """Like ``list_keys``, over all pages: each is asked for when it is needed."""
        return self._pages(
            "GET",
            ["v1", "projects", project, "keys"],
            query={"limit": limit, "cursor": cursor, "account": account, "includeDeleted": include_deleted},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    def revoke_many_keys(
        self,
        project: str,
        body: Optional[RevokeMany] = None,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> RevokedMany:
        """Revoke all keys of an account, or all made before a time. Of account and createdBefore at least one must
        be given; expectedCount confirms the number. Needs the scope `keys:write`. ``POST
        /v1/projects/{project}/keys/revoke``
        """
        answer: RevokedMany = self._perform(
            "POST",
            ["v1", "projects", project, "keys", "revoke"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def get_key(
        self,
        project: str,
        key: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Key:
        """Read a key, without its secret. Needs the scope `keys:read`. ``GET /v1/projects/{project}/keys/{key}``"""
        answer: Key = self._perform(
            "GET",
            ["v1", "projects", project, "keys", key],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def update_key(
        self,
        project: str,
        key: str,
        body: Optional[KeyChange] = None,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Key:
        """Change a key. Needs the scope `keys:write`. ``PATCH /v1/projects/{project}/keys/{key}``"""
        answer: Key = self._perform(
            "PATCH",
            ["v1", "projects", project, "keys", key],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def delete_key(
        self,
        project: str,
        key: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> None:
        """Delete a key. Revokes it, takes it off the lists, and keeps a tombstone for the audit. Needs the scope
        `keys:write`. ``DELETE /v1/projects/{project}/keys/{key}``
        """
        self._perform(
            "DELETE",
            ["v1", "projects", project, "keys", key],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    def disable_key(
        self,
        project: str,
        key: str,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Key:
        """Refuse a key until it is enabled again. Needs the scope `keys:write`. ``POST
        /v1/projects/{project}/keys/{key}/disable``
        """
        answer: Key = self._perform(
            "POST",
            ["v1", "projects", project, "keys", key, "disable"],
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def enable_key(
        self,
        project: str,
        key: str,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Key:
        """Admit a disabled key again. Needs the scope `keys:write`. ``POST
        /v1/projects/{project}/keys/{key}/enable``
        """
        answer: Key = self._perform(
            "POST",
            ["v1", "projects", project, "keys", key, "enable"],
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def revoke_key(
        self,
        project: str,
        key: str,
        body: Optional[Revocation] = None,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Key:
        """Revoke a key for good. When this answers, no request with the key is admitted any more. Needs the scope
        `keys:write`. ``POST /v1/projects/{project}/keys/{key}/revoke``
        """
        answer: Key = self._perform(
            "POST",
            ["v1", "projects", project, "keys", key, "revoke"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def rotate_key(
        self,
        project: str,
        key: str,
        body: Optional[Rotation] = None,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> CreatedKey:
        """Replace a key by a successor with the same rights. The answer holds the successor's full key. It is shown
        here and nowhere else. Needs the scope `keys:write`. ``POST /v1/projects/{project}/keys/{key}/rotate``
        """
        answer: CreatedKey = self._perform(
            "POST",
            ["v1", "projects", project, "keys", key, "rotate"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def get_project_llms(
        self,
        project: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> str:
        """The project's llms.txt. Needs the scope `projects:read`. ``GET /v1/projects/{project}/llms.txt``"""
        answer: str = self._perform(
            "GET",
            ["v1", "projects", project, "llms.txt"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def issue_ticket(
        self,
        project: str,
        body: NewTicket,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> IssuedTicket:
        """Make a one-time ticket for a WebSocket. It opens one socket with the rights of the key, within a minute,
        and is spent by the first request that brings it. A repetition makes another one; Idempotency-Key is not
        looked at. Needs the scope `keys:write`. ``POST /v1/projects/{project}/tickets``
        """
        answer: IssuedTicket = self._perform(
            "POST",
            ["v1", "projects", project, "tickets"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def get_project_usage(
        self,
        project: str,
        *,
        by: Optional[str] = None,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        environment: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Usage:
        """Usage of a project. Of all accounts, and of verdicts without a proven key. At most a second behind the
        verdicts. Needs the scope `accounts:read`. ``GET /v1/projects/{project}/usage`` ``by``: Groups with
        commas between them: account, environment, key, route, outcome, and one of hour, day, month. Default:
        day. ``from_``: A time, a day (2026-11-21) or a month (2026-11) in UTC. Default: 30 days, today among
        them. ``to``: In the same forms, exclusive. Default: now. Both are widened to whole hours.
        ``environment``: Of this environment only.
        """
        answer: Usage = self._perform(
            "GET",
            ["v1", "projects", project, "usage"],
            query={"by": by, "from": from_, "to": to, "environment": environment},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def export_usage(
        self,
        project: str,
        *,
        month: str,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Iterator[BillingLine]:
        """What each account consumed in a month, for billing. A line of JSON for each account and environment,
        accounts newest first. An answer that breaks off is not whole. Needs the scope `accounts:read`. ``GET
        /v1/projects/{project}/usage/export`` ``month``: Such as 2026-11, in UTC.
        """
        return self._lines(
            "GET",
            ["v1", "projects", project, "usage", "export"],
            query={"month": month},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    def verify_key(
        self,
        body: VerifyQuestion,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Verdict:
        """Ask for the verdict on a key. Every verdict is a 200. An allowed one has taken the key's rates and spent
        the cost, durably; a denied one has consumed nothing. A store that does not answer is a 503. Needs the
        scope `keys:verify`. ``POST /v1/verify``
        """
        answer: Verdict = self._perform(
            "POST",
            ["v1", "verify"],
            body=body,
            idempotency_key="",
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def verify_keys(
        self,
        body: VerifyBatch,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> VerifyKeysResult:
        """Ask for up to 1,000 verdicts. The requests are taken in their order. One that cannot be read refuses the
        batch, and no verdict is given. A store that does not answer is a 503, and what the others paid is given
        back as far as the store takes it. Needs the scope `keys:verify`. ``POST /v1/verify/batch``
        """
        answer: VerifyKeysResult = self._perform(
            "POST",
            ["v1", "verify", "batch"],
            body=body,
            idempotency_key="",
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer


class AsyncOperations(AsyncPerformer):
    async def get_health(
        self,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> GetHealthResult:
        """Whether the process answers. ``GET /healthz``"""
        answer: GetHealthResult = await self._perform(
            "GET",
            ["healthz"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def get_open_api(
        self,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Any:
        """This document. ``GET /openapi.json``"""
        answer: Any = await self._perform(
            "GET",
            ["openapi.json"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def get_readiness(
        self,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Readiness:
        """Whether projects, gateway and upstreams answer. ``GET /readyz``"""
        answer: Readiness = await self._perform(
            "GET",
            ["readyz"],
            also_results=(503,),
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def release_hold(
        self,
        hold: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Hold:
        """Give back all that was held. Needs the scope `keys:verify`. ``POST /v1/holds/{hold}/release``"""
        answer: Hold = await self._perform(
            "POST",
            ["v1", "holds", hold, "release"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def settle_hold(
        self,
        hold: str,
        body: Settlement,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Hold:
        """Settle a hold at what the request really cost. Where the account has too little for more than was held,
        nothing is taken and the hold stays open. A repetition with the same cost changes nothing and is a 200
        again; another cost is a conflict. The pots are told as they are at the answer. Needs the scope
        `keys:verify`. ``POST /v1/holds/{hold}/settle``
        """
        answer: Hold = await self._perform(
            "POST",
            ["v1", "holds", hold, "settle"],
            body=body,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def introspect_key(
        self,
        body: IntrospectKeyBody,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Introspection:
        """Introspect a key (RFC 7662). The client authenticates with Basic (the project's name and a root key) or
        with Bearer (a root key, and the project in the form). A key that has an allowlist is inactive here,
        because no address is known. Needs the scope `keys:verify`. ``POST /v1/introspect``
        """
        answer: Introspection = await self._perform(
            "POST",
            ["v1", "introspect"],
            form=body,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def get_fail_policy(
        self,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> FailPolicies:
        """What each layer does when what it depends on fails. While the database is away this needs a root key that
        is still held in memory; /readyz needs none. Needs the scope `projects:read`. ``GET /v1/policy``
        """
        answer: FailPolicies = await self._perform(
            "GET",
            ["v1", "policy"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def list_projects(
        self,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> ProjectPage:
        """List the projects. All of them, by name: there is one page. Needs the scope `projects:read`. ``GET
        /v1/projects``
        """
        answer: ProjectPage = await self._perform(
            "GET",
            ["v1", "projects"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def get_project(
        self,
        project: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Project:
        """Read a project and its file. Needs the scope `projects:read`. ``GET /v1/projects/{project}``"""
        answer: Project = await self._perform(
            "GET",
            ["v1", "projects", project],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def apply_project(
        self,
        project: str,
        body: Union[ProjectFile, str],
        *,
        dry_run: Optional[bool] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AppliedProject:
        """Create or change a project by its file. Idempotent: the same file again changes nothing. The name in the
        file must be the path's. Needs the scope `projects:write`. ``PUT /v1/projects/{project}`` ``dry_run``:
        Say what would change, and change nothing.
        """
        answer: AppliedProject = await self._perform(
            "PUT",
            ["v1", "projects", project],
            query={"dryRun": dry_run},
            file=body,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def create_account(
        self,
        project: str,
        body: NewAccount,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Account:
        """Create an account. Needs the scope `accounts:write`. ``POST /v1/projects/{project}/accounts``"""
        answer: Account = await self._perform(
            "POST",
            ["v1", "projects", project, "accounts"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def list_accounts(
        self,
        project: str,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AccountPage:
        """List accounts, newest first. Needs the scope `accounts:read`. ``GET /v1/projects/{project}/accounts``
        ``cursor``: The nextCursor of the page before.
        """
        answer: AccountPage = await self._perform(
            "GET",
            ["v1", "projects", project, "accounts"],
            query={"limit": limit, "cursor": cursor},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def all_accounts(
        self,
        project: str,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AsyncIterator[Account]:
        """Like ``list_accounts``, over all pages: each is asked for when it is needed."""
        return self._pages(
            "GET",
            ["v1", "projects", project, "accounts"],
            query={"limit": limit, "cursor": cursor},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    async def get_account(
        self,
        project: str,
        account: str,
        *,
        environment: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Account:
        """Read an account. Needs the scope `accounts:read`. ``GET /v1/projects/{project}/accounts/{account}``
        ``environment``: Whose allowance is told; the project's first when absent.
        """
        answer: Account = await self._perform(
            "GET",
            ["v1", "projects", project, "accounts", account],
            query={"environment": environment},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def update_account(
        self,
        project: str,
        account: str,
        body: Optional[AccountChange] = None,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Account:
        """Change or suspend an account. Needs the scope `accounts:write`. ``PATCH
        /v1/projects/{project}/accounts/{account}``
        """
        answer: Account = await self._perform(
            "PATCH",
            ["v1", "projects", project, "accounts", account],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def change_credits(
        self,
        project: str,
        account: str,
        body: NewCredits,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> CreditsChange:
        """Add credits to an account, or take them away. Send an Idempotency-Key: a repetition after a lost answer
        would otherwise add them twice. More than the account has is not taken, and nothing changes. Needs the
        scope `accounts:write`. ``POST /v1/projects/{project}/accounts/{account}/credits``
        """
        answer: CreditsChange = await self._perform(
            "POST",
            ["v1", "projects", project, "accounts", account, "credits"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def list_movements(
        self,
        project: str,
        account: str,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> MovementPage:
        """What an account's pots gained and lost, newest first. Spends and refunds can be read one by one for a
        day; then those of an hour are summed up. Needs the scope `accounts:read`. ``GET
        /v1/projects/{project}/accounts/{account}/ledger`` ``cursor``: The nextCursor of the page before.
        """
        answer: MovementPage = await self._perform(
            "GET",
            ["v1", "projects", project, "accounts", account, "ledger"],
            query={"limit": limit, "cursor": cursor},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def all_movements(
        self,
        project: str,
        account: str,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AsyncIterator[Movement]:
        """Like ``list_movements``, over all pages: each is asked for when it is needed."""
        return self._pages(
            "GET",
            ["v1", "projects", project, "accounts", account, "ledger"],
            query={"limit": limit, "cursor": cursor},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    async def get_account_usage(
        self,
        project: str,
        account: str,
        *,
        by: Optional[str] = None,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        environment: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Usage:
        """Usage of an account. At most a second behind the verdicts. Needs the scope `accounts:read`. ``GET
        /v1/projects/{project}/accounts/{account}/usage`` ``by``: Groups with commas between them: environment,
        key, route, outcome, and one of hour, day, month. Default: day. ``from_``: A time, a day (2026-11-21) or
        a month (2026-11) in UTC. Default: 30 days, today among them. ``to``: In the same forms, exclusive.
        Default: now. Both are widened to whole hours. ``environment``: Of this environment only.
        """
        answer: Usage = await self._perform(
            "GET",
            ["v1", "projects", project, "accounts", account, "usage"],
            query={"by": by, "from": from_, "to": to, "environment": environment},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def list_audit(
        self,
        project: str,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AuditEntryPage:
        """Who changed what, newest first. Needs the scope `audit:read`. ``GET /v1/projects/{project}/audit``
        ``cursor``: The nextCursor of the page before.
        """
        answer: AuditEntryPage = await self._perform(
            "GET",
            ["v1", "projects", project, "audit"],
            query={"limit": limit, "cursor": cursor},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def all_audit(
        self,
        project: str,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AsyncIterator[AuditEntry]:
        """Like ``list_audit``, over all pages: each is asked for when it is needed."""
        return self._pages(
            "GET",
            ["v1", "projects", project, "audit"],
            query={"limit": limit, "cursor": cursor},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    async def get_project_docs(
        self,
        project: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> str:
        """The project's Authentication page, in Markdown. Needs the scope `projects:read`. ``GET
        /v1/projects/{project}/docs.md``
        """
        answer: str = await self._perform(
            "GET",
            ["v1", "projects", project, "docs.md"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def create_key(
        self,
        project: str,
        body: NewKey,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> CreatedKey:
        """Create a key. The answer holds the full key. It is shown here and nowhere else. Needs the scope
        `keys:write`. ``POST /v1/projects/{project}/keys``
        """
        answer: CreatedKey = await self._perform(
            "POST",
            ["v1", "projects", project, "keys"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def list_keys(
        self,
        project: str,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        account: Optional[str] = None,
        include_deleted: Optional[bool] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> KeyPage:
        """List keys, newest first, without their secrets. Needs the scope `keys:read`. ``GET
        /v1/projects/{project}/keys`` ``cursor``: The nextCursor of the page before. ``account``: Keys of this
        account only. ``include_deleted``: Deleted keys too, which are kept as tombstones.
        """
        answer: KeyPage = await self._perform(
            "GET",
            ["v1", "projects", project, "keys"],
            query={"limit": limit, "cursor": cursor, "account": account, "includeDeleted": include_deleted},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def all_keys(
        self,
        project: str,
        *,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        account: Optional[str] = None,
        include_deleted: Optional[bool] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AsyncIterator[Key]:
        """Like ``list_keys``, over all pages: each is asked for when it is needed."""
        return self._pages(
            "GET",
            ["v1", "projects", project, "keys"],
            query={"limit": limit, "cursor": cursor, "account": account, "includeDeleted": include_deleted},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    async def revoke_many_keys(
        self,
        project: str,
        body: Optional[RevokeMany] = None,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> RevokedMany:
        """Revoke all keys of an account, or all made before a time. Of account and createdBefore at least one must
        be given; expectedCount confirms the number. Needs the scope `keys:write`. ``POST
        /v1/projects/{project}/keys/revoke``
        """
        answer: RevokedMany = await self._perform(
            "POST",
            ["v1", "projects", project, "keys", "revoke"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def get_key(
        self,
        project: str,
        key: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Key:
        """Read a key, without its secret. Needs the scope `keys:read`. ``GET /v1/projects/{project}/keys/{key}``"""
        answer: Key = await self._perform(
            "GET",
            ["v1", "projects", project, "keys", key],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def update_key(
        self,
        project: str,
        key: str,
        body: Optional[KeyChange] = None,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Key:
        """Change a key. Needs the scope `keys:write`. ``PATCH /v1/projects/{project}/keys/{key}``"""
        answer: Key = await self._perform(
            "PATCH",
            ["v1", "projects", project, "keys", key],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def delete_key(
        self,
        project: str,
        key: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> None:
        """Delete a key. Revokes it, takes it off the lists, and keeps a tombstone for the audit. Needs the scope
        `keys:write`. ``DELETE /v1/projects/{project}/keys/{key}``
        """
        await self._perform(
            "DELETE",
            ["v1", "projects", project, "keys", key],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    async def disable_key(
        self,
        project: str,
        key: str,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Key:
        """Refuse a key until it is enabled again. Needs the scope `keys:write`. ``POST
        /v1/projects/{project}/keys/{key}/disable``
        """
        answer: Key = await self._perform(
            "POST",
            ["v1", "projects", project, "keys", key, "disable"],
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def enable_key(
        self,
        project: str,
        key: str,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Key:
        """Admit a disabled key again. Needs the scope `keys:write`. ``POST
        /v1/projects/{project}/keys/{key}/enable``
        """
        answer: Key = await self._perform(
            "POST",
            ["v1", "projects", project, "keys", key, "enable"],
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def revoke_key(
        self,
        project: str,
        key: str,
        body: Optional[Revocation] = None,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Key:
        """Revoke a key for good. When this answers, no request with the key is admitted any more. Needs the scope
        `keys:write`. ``POST /v1/projects/{project}/keys/{key}/revoke``
        """
        answer: Key = await self._perform(
            "POST",
            ["v1", "projects", project, "keys", key, "revoke"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def rotate_key(
        self,
        project: str,
        key: str,
        body: Optional[Rotation] = None,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> CreatedKey:
        """Replace a key by a successor with the same rights. The answer holds the successor's full key. It is shown
        here and nowhere else. Needs the scope `keys:write`. ``POST /v1/projects/{project}/keys/{key}/rotate``
        """
        answer: CreatedKey = await self._perform(
            "POST",
            ["v1", "projects", project, "keys", key, "rotate"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def get_project_llms(
        self,
        project: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> str:
        """The project's llms.txt. Needs the scope `projects:read`. ``GET /v1/projects/{project}/llms.txt``"""
        answer: str = await self._perform(
            "GET",
            ["v1", "projects", project, "llms.txt"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def issue_ticket(
        self,
        project: str,
        body: NewTicket,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> IssuedTicket:
        """Make a one-time ticket for a WebSocket. It opens one socket with the rights of the key, within a minute,
        and is spent by the first request that brings it. A repetition makes another one; Idempotency-Key is not
        looked at. Needs the scope `keys:write`. ``POST /v1/projects/{project}/tickets``
        """
        answer: IssuedTicket = await self._perform(
            "POST",
            ["v1", "projects", project, "tickets"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def get_project_usage(
        self,
        project: str,
        *,
        by: Optional[str] = None,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        environment: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Usage:
        """Usage of a project. Of all accounts, and of verdicts without a proven key. At most a second behind the
        verdicts. Needs the scope `accounts:read`. ``GET /v1/projects/{project}/usage`` ``by``: Groups with
        commas between them: account, environment, key, route, outcome, and one of hour, day, month. Default:
        day. ``from_``: A time, a day (2026-11-21) or a month (2026-11) in UTC. Default: 30 days, today among
        them. ``to``: In the same forms, exclusive. Default: now. Both are widened to whole hours.
        ``environment``: Of this environment only.
        """
        answer: Usage = await self._perform(
            "GET",
            ["v1", "projects", project, "usage"],
            query={"by": by, "from": from_, "to": to, "environment": environment},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def export_usage(
        self,
        project: str,
        *,
        month: str,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AsyncIterator[BillingLine]:
        """What each account consumed in a month, for billing. A line of JSON for each account and environment,
        accounts newest first. An answer that breaks off is not whole. Needs the scope `accounts:read`. ``GET
        /v1/projects/{project}/usage/export`` ``month``: Such as 2026-11, in UTC.
        """
        return self._lines(
            "GET",
            ["v1", "projects", project, "usage", "export"],
            query={"month": month},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    async def verify_key(
        self,
        body: VerifyQuestion,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Verdict:
        """Ask for the verdict on a key. Every verdict is a 200. An allowed one has taken the key's rates and spent
        the cost, durably; a denied one has consumed nothing. A store that does not answer is a 503. Needs the
        scope `keys:verify`. ``POST /v1/verify``
        """
        answer: Verdict = await self._perform(
            "POST",
            ["v1", "verify"],
            body=body,
            idempotency_key="",
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def verify_keys(
        self,
        body: VerifyBatch,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> VerifyKeysResult:
        """Ask for up to 1,000 verdicts. The requests are taken in their order. One that cannot be read refuses the
        batch, and no verdict is given. A store that does not answer is a 503, and what the others paid is given
        back as far as the store takes it. Needs the scope `keys:verify`. ``POST /v1/verify/batch``
        """
        answer: VerifyKeysResult = await self._perform(
            "POST",
            ["v1", "verify", "batch"],
            body=body,
            idempotency_key="",
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer
