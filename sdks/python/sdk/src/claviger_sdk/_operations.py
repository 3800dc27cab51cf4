"""One method for each operation of the control plane, generated from openapi.json by `npm run generate`; may not be edited."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, Literal, Optional, Union

from claviger_client import ServerSentEvent

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
    FoundKeys,
    GetHealthResult,
    Hold,
    Instance,
    IntrospectKeyBody,
    Introspection,
    Invitation,
    Invitations,
    IssuedTicket,
    Key,
    KeyChange,
    KeyPage,
    KeySearch,
    KeyUses,
    MemberChange,
    Members,
    Movement,
    MovementPage,
    NewAccount,
    NewCredits,
    NewInvitation,
    NewKey,
    NewOperator,
    NewPortalSession,
    NewResetLink,
    NewTicket,
    OneTimeLink,
    OperatorChange,
    OperatorInvitation,
    Operators,
    Portal,
    PortalSession,
    Project,
    ProjectFile,
    ProjectPage,
    Readiness,
    Revocation,
    RevokeMany,
    RevokedMany,
    Rotation,
    SeenRequests,
    Settlement,
    TestRequest,
    TestedRequest,
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

    def get_instance(
        self,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Instance:
        """Where portal and console are, and whether mail can be sent. Needs the scope `projects:read`. ``GET
        /v1/instance``
        """
        answer: Instance = self._perform(
            "GET",
            ["v1", "instance"],
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

    def list_operators(
        self,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Operators:
        """The operators, and who is invited. Needs the scope `people:read`. ``GET /v1/operators``"""
        answer: Operators = self._perform(
            "GET",
            ["v1", "operators"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def invite_operator(
        self,
        body: NewOperator,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> OperatorInvitation:
        """Invite an operator. By mail; where none can be sent, the answer holds the link. Needs the scope
        `people:write`. ``POST /v1/operators``
        """
        answer: OperatorInvitation = self._perform(
            "POST",
            ["v1", "operators"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def change_operator(
        self,
        operator: str,
        body: OperatorChange,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> None:
        """Give an operator another role, which holds at once. Needs the scope `people:write`. ``PATCH
        /v1/operators/{operator}``
        """
        self._perform(
            "PATCH",
            ["v1", "operators", operator],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    def remove_operator(
        self,
        operator: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> None:
        """Take an operator out; every session of theirs ends. With an invitation's id it takes the invitation back.
        Needs the scope `people:write`. ``DELETE /v1/operators/{operator}``
        """
        self._perform(
            "DELETE",
            ["v1", "operators", operator],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    def make_operator_reset_link(
        self,
        operator: str,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> OneTimeLink:
        """A link by which an operator sets a new password, to be handed over. Needs the scope `people:write`.
        ``POST /v1/operators/{operator}/reset-link``
        """
        answer: OneTimeLink = self._perform(
            "POST",
            ["v1", "operators", operator, "reset-link"],
            idempotency_key=idempotency_key,
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
        search: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AccountPage:
        """List accounts, newest first. Needs the scope `accounts:read`. ``GET /v1/projects/{project}/accounts``
        ``cursor``: The nextCursor of the page before. ``search``: An id, an externalId or a name, or a part of
        one; at most 100 are found, on one page.
        """
        answer: AccountPage = self._perform(
            "GET",
            ["v1", "projects", project, "accounts"],
            query={"limit": limit, "cursor": cursor, "search": search},
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
        search: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Iterator[Account]:
        """Like ``list_accounts``, over all pages: each is asked for when it is needed."""
        return self._pages(
            "GET",
            ["v1", "projects", project, "accounts"],
            query={"limit": limit, "cursor": cursor, "search": search},
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

    def erase_account(
        self,
        project: str,
        account: str,
        *,
        confirm: str,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> None:
        """Erase an account for good, with its keys and its members. What it used and paid stays under its id,
        without a name; export a month that is not billed yet before. Needs the scope `accounts:write`. ``DELETE
        /v1/projects/{project}/accounts/{account}`` ``confirm``: The account's name.
        """
        self._perform(
            "DELETE",
            ["v1", "projects", project, "accounts", account],
            query={"confirm": confirm},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

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

    def list_invitations(
        self,
        project: str,
        account: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Invitations:
        """Invitations that have not been accepted. Needs the scope `people:read`. ``GET
        /v1/projects/{project}/accounts/{account}/invitations``
        """
        answer: Invitations = self._perform(
            "GET",
            ["v1", "projects", project, "accounts", account, "invitations"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def invite_member(
        self,
        project: str,
        account: str,
        body: NewInvitation,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Invitation:
        """Invite somebody to an account. By mail; where none can be sent, the answer holds the link. Needs the
        scope `people:write`. ``POST /v1/projects/{project}/accounts/{account}/invitations``
        """
        answer: Invitation = self._perform(
            "POST",
            ["v1", "projects", project, "accounts", account, "invitations"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def end_invitation(
        self,
        project: str,
        account: str,
        invitation: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> None:
        """Take an invitation back. Needs the scope `people:write`. ``DELETE
        /v1/projects/{project}/accounts/{account}/invitations/{invitation}``
        """
        self._perform(
            "DELETE",
            ["v1", "projects", project, "accounts", account, "invitations", invitation],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

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

    def list_members(
        self,
        project: str,
        account: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Members:
        """Who belongs to an account, and as what. Needs the scope `people:read`. ``GET
        /v1/projects/{project}/accounts/{account}/members``
        """
        answer: Members = self._perform(
            "GET",
            ["v1", "projects", project, "accounts", account, "members"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def change_member(
        self,
        project: str,
        account: str,
        person: str,
        body: MemberChange,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> None:
        """Give a member another role, which holds at once. Needs the scope `people:write`. ``PATCH
        /v1/projects/{project}/accounts/{account}/members/{person}``
        """
        self._perform(
            "PATCH",
            ["v1", "projects", project, "accounts", account, "members", person],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    def remove_member(
        self,
        project: str,
        account: str,
        person: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> None:
        """Take a member out of an account, or leave it. Needs the scope `people:write`. ``DELETE
        /v1/projects/{project}/accounts/{account}/members/{person}``
        """
        self._perform(
            "DELETE",
            ["v1", "projects", project, "accounts", account, "members", person],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    def make_member_reset_link(
        self,
        project: str,
        account: str,
        person: str,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> OneTimeLink:
        """A link by which a member sets a new password, to be handed over. Needs the scope `people:write`. ``POST
        /v1/projects/{project}/accounts/{account}/members/{person}/reset-link``
        """
        answer: OneTimeLink = self._perform(
            "POST",
            ["v1", "projects", project, "accounts", account, "members", person, "reset-link"],
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def list_account_requests(
        self,
        project: str,
        account: str,
        *,
        key: Optional[str] = None,
        outcome: Optional[Literal["ok", "missing_key", "multiple_credentials", "malformed_request", "ambiguous_path", "invalid_key", "revoked_key", "disabled_key", "expired_key", "account_suspended", "wrong_environment", "ip_not_allowed", "no_route", "insufficient_scope", "wrong_account", "feature_not_in_plan", "concurrency_exceeded", "rate_exceeded", "unmeasurable_request", "request_too_large", "allowance_exceeded", "insufficient_credits", "store_unavailable", "refused"]] = None,
        limit: Optional[int] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> SeenRequests:
        """The newest requests of an account, with the reason in words. At most 200, out of the memory of the node
        that answers. Needs the scope `accounts:read`. ``GET /v1/projects/{project}/accounts/{account}/requests``
        ``outcome``: A code, or refused for all but ok.
        """
        answer: SeenRequests = self._perform(
            "GET",
            ["v1", "projects", project, "accounts", account, "requests"],
            query={"key": key, "outcome": outcome, "limit": limit},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

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
        actor: Optional[str] = None,
        action: Optional[str] = None,
        subject: Optional[str] = None,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AuditEntryPage:
        """Who changed what, newest first. Needs the scope `audit:read`. ``GET /v1/projects/{project}/audit``
        ``cursor``: The nextCursor of the page before. ``actor``: Such as a root key's id. ``action``: Such as
        key.create. ``subject``: The id of what was changed. ``from_``: A time, inclusive. ``to``: A time,
        exclusive.
        """
        answer: AuditEntryPage = self._perform(
            "GET",
            ["v1", "projects", project, "audit"],
            query={"limit": limit, "cursor": cursor, "actor": actor, "action": action, "subject": subject, "from": from_, "to": to},
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
        actor: Optional[str] = None,
        action: Optional[str] = None,
        subject: Optional[str] = None,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Iterator[AuditEntry]:
        """Like ``list_audit``, over all pages: each is asked for when it is needed."""
        return self._pages(
            "GET",
            ["v1", "projects", project, "audit"],
            query={"limit": limit, "cursor": cursor, "actor": actor, "action": action, "subject": subject, "from": from_, "to": to},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    def export_audit(
        self,
        project: str,
        *,
        actor: Optional[str] = None,
        action: Optional[str] = None,
        subject: Optional[str] = None,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Iterator[AuditEntry]:
        """The audit log as a file, newest first. An answer that breaks off is not whole. Needs the scope
        `audit:read`. ``GET /v1/projects/{project}/audit/export`` ``actor``: Such as a root key's id. ``action``:
        Such as key.create. ``subject``: The id of what was changed. ``from_``: A time, inclusive. ``to``: A
        time, exclusive.
        """
        return self._lines(
            "GET",
            ["v1", "projects", project, "audit", "export"],
            query={"actor": actor, "action": action, "subject": subject, "from": from_, "to": to, "format": "ndjson"},
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

    def find_keys(
        self,
        project: str,
        body: KeySearch,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> FoundKeys:
        """Find keys by what is known of them. A whole key may be sent: it stands in the body and in no URL, and
        only its digest is looked for. Needs the scope `keys:read`. ``POST /v1/projects/{project}/keys/search``
        """
        answer: FoundKeys = self._perform(
            "POST",
            ["v1", "projects", project, "keys", "search"],
            body=body,
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

    def cancel_rotation(
        self,
        project: str,
        key: str,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Key:
        """Take a rotation back while its grace lasts. Of the old key: its successor is revoked, and it goes on as
        before. Needs the scope `keys:write`. ``POST /v1/projects/{project}/keys/{key}/cancel-rotation``
        """
        answer: Key = self._perform(
            "POST",
            ["v1", "projects", project, "keys", key, "cancel-rotation"],
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

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

    def get_key_uses(
        self,
        project: str,
        key: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> KeyUses:
        """What ending a key will break. Needs the scope `keys:read`. ``GET /v1/projects/{project}/keys/{key}/uses``"""
        answer: KeyUses = self._perform(
            "GET",
            ["v1", "projects", project, "keys", key, "uses"],
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

    def get_portal(
        self,
        project: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Portal:
        """What the project's portal page shows to everybody. ``GET /v1/projects/{project}/portal``"""
        answer: Portal = self._perform(
            "GET",
            ["v1", "projects", project, "portal"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def create_portal_session(
        self,
        project: str,
        body: NewPortalSession,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> PortalSession:
        """Let a customer whom you know into the portal. The code works once, within 15 minutes, and stands for the
        one account. Needs the scope `accounts:write`. ``POST /v1/projects/{project}/portal-sessions``
        """
        answer: PortalSession = self._perform(
            "POST",
            ["v1", "projects", project, "portal-sessions"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def list_requests(
        self,
        project: str,
        *,
        key: Optional[str] = None,
        outcome: Optional[Literal["ok", "missing_key", "multiple_credentials", "malformed_request", "ambiguous_path", "invalid_key", "revoked_key", "disabled_key", "expired_key", "account_suspended", "wrong_environment", "ip_not_allowed", "no_route", "insufficient_scope", "wrong_account", "feature_not_in_plan", "concurrency_exceeded", "rate_exceeded", "unmeasurable_request", "request_too_large", "allowance_exceeded", "insufficient_credits", "store_unavailable", "refused"]] = None,
        limit: Optional[int] = None,
        account: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> SeenRequests:
        """The newest requests of a project, with the reason in words. At most 1,000, out of the memory of the node
        that answers. Needs the scope `accounts:read`. ``GET /v1/projects/{project}/requests`` ``outcome``: A
        code, or refused for all but ok.
        """
        answer: SeenRequests = self._perform(
            "GET",
            ["v1", "projects", project, "requests"],
            query={"key": key, "outcome": outcome, "limit": limit, "account": account},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    def test_request(
        self,
        project: str,
        body: TestRequest,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> TestedRequest:
        """Try a request, and see each step of its verdict. Takes nothing: no limit, no unit, no place in the usage.
        Needs the scope `keys:verify`. ``POST /v1/projects/{project}/test-request``
        """
        answer: TestedRequest = self._perform(
            "POST",
            ["v1", "projects", project, "test-request"],
            body=body,
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

    def watch_traffic(
        self,
        project: str,
        *,
        key: Optional[str] = None,
        outcome: Optional[Literal["ok", "missing_key", "multiple_credentials", "malformed_request", "ambiguous_path", "invalid_key", "revoked_key", "disabled_key", "expired_key", "account_suspended", "wrong_environment", "ip_not_allowed", "no_route", "insufficient_scope", "wrong_account", "feature_not_in_plan", "concurrency_exceeded", "rate_exceeded", "unmeasurable_request", "request_too_large", "allowance_exceeded", "insufficient_credits", "store_unavailable", "refused"]] = None,
        account: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Iterator[ServerSentEvent]:
        """Requests as they come. Events `request` with a SeenRequest, and `skipped` with a count where more came
        than are told. Of the node that answers. Needs the scope `accounts:read`. ``GET
        /v1/projects/{project}/traffic`` ``outcome``: A code, or refused for all but ok.
        """
        return self._events(
            "GET",
            ["v1", "projects", project, "traffic"],
            query={"key": key, "outcome": outcome, "account": account},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

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

    def make_reset_link(
        self,
        body: NewResetLink,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> OneTimeLink:
        """A link by which a person sets a new password, to be handed over. Be sure of whom you hand it to. Good
        once, for ten minutes. Needs the scope `people:write`. ``POST /v1/reset-links``
        """
        answer: OneTimeLink = self._perform(
            "POST",
            ["v1", "reset-links"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

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

    async def get_instance(
        self,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Instance:
        """Where portal and console are, and whether mail can be sent. Needs the scope `projects:read`. ``GET
        /v1/instance``
        """
        answer: Instance = await self._perform(
            "GET",
            ["v1", "instance"],
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

    async def list_operators(
        self,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Operators:
        """The operators, and who is invited. Needs the scope `people:read`. ``GET /v1/operators``"""
        answer: Operators = await self._perform(
            "GET",
            ["v1", "operators"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def invite_operator(
        self,
        body: NewOperator,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> OperatorInvitation:
        """Invite an operator. By mail; where none can be sent, the answer holds the link. Needs the scope
        `people:write`. ``POST /v1/operators``
        """
        answer: OperatorInvitation = await self._perform(
            "POST",
            ["v1", "operators"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def change_operator(
        self,
        operator: str,
        body: OperatorChange,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> None:
        """Give an operator another role, which holds at once. Needs the scope `people:write`. ``PATCH
        /v1/operators/{operator}``
        """
        await self._perform(
            "PATCH",
            ["v1", "operators", operator],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    async def remove_operator(
        self,
        operator: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> None:
        """Take an operator out; every session of theirs ends. With an invitation's id it takes the invitation back.
        Needs the scope `people:write`. ``DELETE /v1/operators/{operator}``
        """
        await self._perform(
            "DELETE",
            ["v1", "operators", operator],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    async def make_operator_reset_link(
        self,
        operator: str,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> OneTimeLink:
        """A link by which an operator sets a new password, to be handed over. Needs the scope `people:write`.
        ``POST /v1/operators/{operator}/reset-link``
        """
        answer: OneTimeLink = await self._perform(
            "POST",
            ["v1", "operators", operator, "reset-link"],
            idempotency_key=idempotency_key,
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
        search: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AccountPage:
        """List accounts, newest first. Needs the scope `accounts:read`. ``GET /v1/projects/{project}/accounts``
        ``cursor``: The nextCursor of the page before. ``search``: An id, an externalId or a name, or a part of
        one; at most 100 are found, on one page.
        """
        answer: AccountPage = await self._perform(
            "GET",
            ["v1", "projects", project, "accounts"],
            query={"limit": limit, "cursor": cursor, "search": search},
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
        search: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AsyncIterator[Account]:
        """Like ``list_accounts``, over all pages: each is asked for when it is needed."""
        return self._pages(
            "GET",
            ["v1", "projects", project, "accounts"],
            query={"limit": limit, "cursor": cursor, "search": search},
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

    async def erase_account(
        self,
        project: str,
        account: str,
        *,
        confirm: str,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> None:
        """Erase an account for good, with its keys and its members. What it used and paid stays under its id,
        without a name; export a month that is not billed yet before. Needs the scope `accounts:write`. ``DELETE
        /v1/projects/{project}/accounts/{account}`` ``confirm``: The account's name.
        """
        await self._perform(
            "DELETE",
            ["v1", "projects", project, "accounts", account],
            query={"confirm": confirm},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

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

    async def list_invitations(
        self,
        project: str,
        account: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Invitations:
        """Invitations that have not been accepted. Needs the scope `people:read`. ``GET
        /v1/projects/{project}/accounts/{account}/invitations``
        """
        answer: Invitations = await self._perform(
            "GET",
            ["v1", "projects", project, "accounts", account, "invitations"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def invite_member(
        self,
        project: str,
        account: str,
        body: NewInvitation,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Invitation:
        """Invite somebody to an account. By mail; where none can be sent, the answer holds the link. Needs the
        scope `people:write`. ``POST /v1/projects/{project}/accounts/{account}/invitations``
        """
        answer: Invitation = await self._perform(
            "POST",
            ["v1", "projects", project, "accounts", account, "invitations"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def end_invitation(
        self,
        project: str,
        account: str,
        invitation: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> None:
        """Take an invitation back. Needs the scope `people:write`. ``DELETE
        /v1/projects/{project}/accounts/{account}/invitations/{invitation}``
        """
        await self._perform(
            "DELETE",
            ["v1", "projects", project, "accounts", account, "invitations", invitation],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

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

    async def list_members(
        self,
        project: str,
        account: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Members:
        """Who belongs to an account, and as what. Needs the scope `people:read`. ``GET
        /v1/projects/{project}/accounts/{account}/members``
        """
        answer: Members = await self._perform(
            "GET",
            ["v1", "projects", project, "accounts", account, "members"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def change_member(
        self,
        project: str,
        account: str,
        person: str,
        body: MemberChange,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> None:
        """Give a member another role, which holds at once. Needs the scope `people:write`. ``PATCH
        /v1/projects/{project}/accounts/{account}/members/{person}``
        """
        await self._perform(
            "PATCH",
            ["v1", "projects", project, "accounts", account, "members", person],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    async def remove_member(
        self,
        project: str,
        account: str,
        person: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> None:
        """Take a member out of an account, or leave it. Needs the scope `people:write`. ``DELETE
        /v1/projects/{project}/accounts/{account}/members/{person}``
        """
        await self._perform(
            "DELETE",
            ["v1", "projects", project, "accounts", account, "members", person],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    async def make_member_reset_link(
        self,
        project: str,
        account: str,
        person: str,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> OneTimeLink:
        """A link by which a member sets a new password, to be handed over. Needs the scope `people:write`. ``POST
        /v1/projects/{project}/accounts/{account}/members/{person}/reset-link``
        """
        answer: OneTimeLink = await self._perform(
            "POST",
            ["v1", "projects", project, "accounts", account, "members", person, "reset-link"],
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def list_account_requests(
        self,
        project: str,
        account: str,
        *,
        key: Optional[str] = None,
        outcome: Optional[Literal["ok", "missing_key", "multiple_credentials", "malformed_request", "ambiguous_path", "invalid_key", "revoked_key", "disabled_key", "expired_key", "account_suspended", "wrong_environment", "ip_not_allowed", "no_route", "insufficient_scope", "wrong_account", "feature_not_in_plan", "concurrency_exceeded", "rate_exceeded", "unmeasurable_request", "request_too_large", "allowance_exceeded", "insufficient_credits", "store_unavailable", "refused"]] = None,
        limit: Optional[int] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> SeenRequests:
        """The newest requests of an account, with the reason in words. At most 200, out of the memory of the node
        that answers. Needs the scope `accounts:read`. ``GET /v1/projects/{project}/accounts/{account}/requests``
        ``outcome``: A code, or refused for all but ok.
        """
        answer: SeenRequests = await self._perform(
            "GET",
            ["v1", "projects", project, "accounts", account, "requests"],
            query={"key": key, "outcome": outcome, "limit": limit},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

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
        actor: Optional[str] = None,
        action: Optional[str] = None,
        subject: Optional[str] = None,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AuditEntryPage:
        """Who changed what, newest first. Needs the scope `audit:read`. ``GET /v1/projects/{project}/audit``
        ``cursor``: The nextCursor of the page before. ``actor``: Such as a root key's id. ``action``: Such as
        key.create. ``subject``: The id of what was changed. ``from_``: A time, inclusive. ``to``: A time,
        exclusive.
        """
        answer: AuditEntryPage = await self._perform(
            "GET",
            ["v1", "projects", project, "audit"],
            query={"limit": limit, "cursor": cursor, "actor": actor, "action": action, "subject": subject, "from": from_, "to": to},
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
        actor: Optional[str] = None,
        action: Optional[str] = None,
        subject: Optional[str] = None,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AsyncIterator[AuditEntry]:
        """Like ``list_audit``, over all pages: each is asked for when it is needed."""
        return self._pages(
            "GET",
            ["v1", "projects", project, "audit"],
            query={"limit": limit, "cursor": cursor, "actor": actor, "action": action, "subject": subject, "from": from_, "to": to},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

    def export_audit(
        self,
        project: str,
        *,
        actor: Optional[str] = None,
        action: Optional[str] = None,
        subject: Optional[str] = None,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AsyncIterator[AuditEntry]:
        """The audit log as a file, newest first. An answer that breaks off is not whole. Needs the scope
        `audit:read`. ``GET /v1/projects/{project}/audit/export`` ``actor``: Such as a root key's id. ``action``:
        Such as key.create. ``subject``: The id of what was changed. ``from_``: A time, inclusive. ``to``: A
        time, exclusive.
        """
        return self._lines(
            "GET",
            ["v1", "projects", project, "audit", "export"],
            query={"actor": actor, "action": action, "subject": subject, "from": from_, "to": to, "format": "ndjson"},
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

    async def find_keys(
        self,
        project: str,
        body: KeySearch,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> FoundKeys:
        """Find keys by what is known of them. A whole key may be sent: it stands in the body and in no URL, and
        only its digest is looked for. Needs the scope `keys:read`. ``POST /v1/projects/{project}/keys/search``
        """
        answer: FoundKeys = await self._perform(
            "POST",
            ["v1", "projects", project, "keys", "search"],
            body=body,
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

    async def cancel_rotation(
        self,
        project: str,
        key: str,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Key:
        """Take a rotation back while its grace lasts. Of the old key: its successor is revoked, and it goes on as
        before. Needs the scope `keys:write`. ``POST /v1/projects/{project}/keys/{key}/cancel-rotation``
        """
        answer: Key = await self._perform(
            "POST",
            ["v1", "projects", project, "keys", key, "cancel-rotation"],
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

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

    async def get_key_uses(
        self,
        project: str,
        key: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> KeyUses:
        """What ending a key will break. Needs the scope `keys:read`. ``GET /v1/projects/{project}/keys/{key}/uses``"""
        answer: KeyUses = await self._perform(
            "GET",
            ["v1", "projects", project, "keys", key, "uses"],
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

    async def get_portal(
        self,
        project: str,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> Portal:
        """What the project's portal page shows to everybody. ``GET /v1/projects/{project}/portal``"""
        answer: Portal = await self._perform(
            "GET",
            ["v1", "projects", project, "portal"],
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def create_portal_session(
        self,
        project: str,
        body: NewPortalSession,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> PortalSession:
        """Let a customer whom you know into the portal. The code works once, within 15 minutes, and stands for the
        one account. Needs the scope `accounts:write`. ``POST /v1/projects/{project}/portal-sessions``
        """
        answer: PortalSession = await self._perform(
            "POST",
            ["v1", "projects", project, "portal-sessions"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def list_requests(
        self,
        project: str,
        *,
        key: Optional[str] = None,
        outcome: Optional[Literal["ok", "missing_key", "multiple_credentials", "malformed_request", "ambiguous_path", "invalid_key", "revoked_key", "disabled_key", "expired_key", "account_suspended", "wrong_environment", "ip_not_allowed", "no_route", "insufficient_scope", "wrong_account", "feature_not_in_plan", "concurrency_exceeded", "rate_exceeded", "unmeasurable_request", "request_too_large", "allowance_exceeded", "insufficient_credits", "store_unavailable", "refused"]] = None,
        limit: Optional[int] = None,
        account: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> SeenRequests:
        """The newest requests of a project, with the reason in words. At most 1,000, out of the memory of the node
        that answers. Needs the scope `accounts:read`. ``GET /v1/projects/{project}/requests`` ``outcome``: A
        code, or refused for all but ok.
        """
        answer: SeenRequests = await self._perform(
            "GET",
            ["v1", "projects", project, "requests"],
            query={"key": key, "outcome": outcome, "limit": limit, "account": account},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

    async def test_request(
        self,
        project: str,
        body: TestRequest,
        *,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> TestedRequest:
        """Try a request, and see each step of its verdict. Takes nothing: no limit, no unit, no place in the usage.
        Needs the scope `keys:verify`. ``POST /v1/projects/{project}/test-request``
        """
        answer: TestedRequest = await self._perform(
            "POST",
            ["v1", "projects", project, "test-request"],
            body=body,
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

    def watch_traffic(
        self,
        project: str,
        *,
        key: Optional[str] = None,
        outcome: Optional[Literal["ok", "missing_key", "multiple_credentials", "malformed_request", "ambiguous_path", "invalid_key", "revoked_key", "disabled_key", "expired_key", "account_suspended", "wrong_environment", "ip_not_allowed", "no_route", "insufficient_scope", "wrong_account", "feature_not_in_plan", "concurrency_exceeded", "rate_exceeded", "unmeasurable_request", "request_too_large", "allowance_exceeded", "insufficient_credits", "store_unavailable", "refused"]] = None,
        account: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> AsyncIterator[ServerSentEvent]:
        """Requests as they come. Events `request` with a SeenRequest, and `skipped` with a count where more came
        than are told. Of the node that answers. Needs the scope `accounts:read`. ``GET
        /v1/projects/{project}/traffic`` ``outcome``: A code, or refused for all but ok.
        """
        return self._events(
            "GET",
            ["v1", "projects", project, "traffic"],
            query={"key": key, "outcome": outcome, "account": account},
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )

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

    async def make_reset_link(
        self,
        body: NewResetLink,
        *,
        idempotency_key: Optional[str] = None,
        timeout_seconds: Optional[float] = None,
        max_retries: Optional[int] = None,
    ) -> OneTimeLink:
        """A link by which a person sets a new password, to be handed over. Be sure of whom you hand it to. Good
        once, for ten minutes. Needs the scope `people:write`. ``POST /v1/reset-links``
        """
        answer: OneTimeLink = await self._perform(
            "POST",
            ["v1", "reset-links"],
            body=body,
            idempotency_key=idempotency_key,
            timeout_seconds=timeout_seconds,
            max_retries=max_retries,
        )
        return answer

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
