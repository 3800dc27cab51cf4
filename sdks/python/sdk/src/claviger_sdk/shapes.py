"""The shapes of the control plane, generated from openapi.json by `npm run generate`; may not be edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict, Union

from typing_extensions import NotRequired

__all__ = [
    "Account",
    "AccountChange",
    "AccountPage",
    "Allowance",
    "AppliedProject",
    "AuditEntry",
    "AuditEntryPage",
    "BillingLine",
    "CreatedKey",
    "CreditsChange",
    "FailPolicies",
    "FoundKeys",
    "GetHealthResult",
    "Hold",
    "Instance",
    "IntrospectKeyBody",
    "Introspection",
    "Invitation",
    "Invitations",
    "IssuedTicket",
    "Key",
    "KeyChange",
    "KeyPage",
    "KeySearch",
    "KeyUses",
    "MemberChange",
    "Members",
    "Movement",
    "MovementPage",
    "NewAccount",
    "NewCredits",
    "NewInvitation",
    "NewKey",
    "NewOperator",
    "NewPortalSession",
    "NewResetLink",
    "NewTicket",
    "OAuthError",
    "OneTimeLink",
    "OperatorChange",
    "OperatorInvitation",
    "Operators",
    "Portal",
    "PortalSession",
    "Problem",
    "Project",
    "ProjectFile",
    "ProjectPage",
    "Readiness",
    "Revocation",
    "RevokeMany",
    "RevokedMany",
    "Rotation",
    "SeenRequest",
    "SeenRequests",
    "Settlement",
    "TestRequest",
    "TestedRequest",
    "Usage",
    "Verdict",
    "VerifyBatch",
    "VerifyKeysResult",
    "VerifyQuestion",
]


class Account(TypedDict):
    id: str
    project: str
    name: str
    externalId: Union[str, None]
    #: The account's plan, or the project's default plan where it has none.
    plan: Union[str, None]
    #: The operator's own data, at most 8 KiB of JSON; Claviger does not read it.
    metadata: Mapping[str, Any]
    #: All keys of a suspended account are refused.
    suspended: bool
    suspendedAt: Union[str, None]
    #: Prepaid units of the account, in every environment.
    credits: int
    allowance: NotRequired[Allowance]
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    createdAt: str
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    updatedAt: str


class AccountChange(TypedDict):
    #: 1 to 100 characters, none of them a control character.
    name: NotRequired[str]
    #: Your own id of the customer, unique in the project.
    externalId: NotRequired[Union[str, None]]
    #: A plan of the project; null for its default plan.
    plan: NotRequired[Union[str, None]]
    #: The operator's own data, at most 8 KiB of JSON; Claviger does not read it.
    metadata: NotRequired[Mapping[str, Any]]
    #: Keys of a suspended account are refused and come back unharmed.
    suspended: NotRequired[bool]


class Allowance(TypedDict):
    """Where the account's plan has one, in one environment."""

    #: Units of a period; null without bound.
    limit: Union[int, None]
    used: int
    #: Never below 0; null without bound.
    remaining: Union[int, None]
    #: Of what was used, what was taken past the limit.
    over: int
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    resetsAt: str


class AppliedProjectDifferencesItem(TypedDict):
    #: Dotted path of the field; empty for the file as a whole.
    field: str
    change: Literal["added", "removed", "changed"]
    before: NotRequired[Any]
    after: NotRequired[Any]


class AppliedProject(TypedDict):
    project: Project
    created: bool
    differences: Sequence[AppliedProjectDifferencesItem]
    warnings: Sequence[str]


class AuditEntry(TypedDict):
    id: str
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    at: str
    project: str
    #: The root key's id, or local for a command of the store's owner.
    actor: str
    #: Such as key.create.
    action: str
    #: The id of what was changed.
    subject: str
    #: What was changed; never a secret.
    detail: Mapping[str, Any]


class BillingLineAllowance(TypedDict):
    #: Of the plan now; null without bound.
    limit: Union[int, None]
    used: int
    #: Of used, what was past the limit.
    over: int
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    startsAt: str
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    resetsAt: str


class BillingLine(TypedDict):
    project: str
    account: str
    externalId: Union[str, None]
    name: str
    #: The plan that the account has now.
    plan: Union[str, None]
    environment: str
    month: str
    #: Those that were allowed.
    requests: int
    #: What they cost, whatever paid it, less what was given back.
    units: int
    allowance: Union[BillingLineAllowance, None]
    #: Less what was given back.
    creditsSpent: int


class CreatedKey(TypedDict):
    #: Names the key; no secret.
    id: str
    project: str
    account: str
    name: str
    environment: str
    scopes: Sequence[str]
    tier: Union[str, None]
    #: Canonical addresses and CIDR ranges; empty admits every address.
    allowedIps: Sequence[str]
    #: The operator's own data, at most 8 KiB of JSON; Claviger does not read it.
    metadata: Mapping[str, Any]
    #: The beginning of the key, for listings.
    start: str
    #: The end of the key, for listings.
    lastFour: str
    status: Literal["active", "disabled", "expired", "revoked", "not_yet_valid"]
    notBefore: Union[str, None]
    #: Exclusive: the key is expired at this moment.
    expiresAt: Union[str, None]
    disabledAt: Union[str, None]
    revokedAt: Union[str, None]
    deletedAt: Union[str, None]
    #: The id of the first key of the rotation family.
    family: str
    #: The key that this one replaced.
    predecessor: Union[str, None]
    #: The key that replaced this one.
    successor: Union[str, None]
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    createdAt: str
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    updatedAt: str
    #: The newest verdict that proved the key, refusals included; null for none. In reads only.
    lastUsedAt: NotRequired[Union[str, None]]
    #: The full key, shown here and never again. Absent when the answer of an Idempotency-Key is repeated.
    key: NotRequired[str]


class CreditsChange(TypedDict):
    project: str
    account: str
    #: Added, or below 0 taken away.
    amount: int
    expiresAt: Union[str, None]
    reason: Union[str, None]
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    at: str
    #: What the account has at this answer. The repeated answer of an Idempotency-Key differs in this alone.
    credits: int


class FailPoliciesLayersItem(TypedDict):
    layer: str
    dependsOn: str
    onFailure: str
    bound: str
    #: Whether it is so at this moment, on the node that answers.
    now: bool


class FailPolicies(TypedDict):
    #: In the order in which a request meets them.
    layers: Sequence[FailPoliciesLayersItem]
    #: Live nodes, this one included; absent where the store is not shared.
    nodes: NotRequired[int]
    #: How long keys in memory are admitted past the lease.
    failStaticSeconds: int
    #: Requests that this node so admitted since its start.
    staleAdmissions: int
    #: Decisions on limits that this node made by its part of them since its start.
    countedAlone: int


class FoundKeys(TypedDict):
    #: Newest first.
    items: Sequence[Key]


class Hold(TypedDict):
    id: str
    project: str
    account: str
    environment: str
    #: What was held.
    units: int
    #: What was paid in the end.
    settledUnits: int
    #: released where all of it was given back.
    status: Literal["settled", "released"]
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    settledAt: str
    allowance: NotRequired[Allowance]
    #: Prepaid units of the account, in every environment.
    credits: int


class Instance(TypedDict):
    #: Whether mail can be sent; without it links are handed over.
    mail: bool
    portalUrl: str
    consoleUrl: str


class IntrospectionClaviger(TypedDict):
    project: str
    environment: str
    tier: NotRequired[str]
    plan: NotRequired[str]


class Introspection(TypedDict):
    active: bool
    #: All scopes that the key may use now, implied ones included.
    scope: NotRequired[str]
    #: The account's id.
    client_id: NotRequired[str]
    #: The key's id.
    sub: NotRequired[str]
    token_type: NotRequired[str]
    iat: NotRequired[int]
    nbf: NotRequired[int]
    exp: NotRequired[int]
    claviger: NotRequired[IntrospectionClaviger]


class Invitation(TypedDict):
    id: str
    email: str
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    createdAt: str
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    expiresAt: str
    role: Literal["viewer", "developer", "admin", "owner"]
    #: To be handed over; only here and only where no mail was sent.
    link: NotRequired[str]


class Invitations(TypedDict):
    #: Newest first.
    items: Sequence[Invitation]


class IssuedTicket(TypedDict):
    #: To be used once, in the URL of a WebSocket. Shown here and nowhere else.
    ticket: str
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    expiresAt: str


class Key(TypedDict):
    #: Names the key; no secret.
    id: str
    project: str
    account: str
    name: str
    environment: str
    scopes: Sequence[str]
    tier: Union[str, None]
    #: Canonical addresses and CIDR ranges; empty admits every address.
    allowedIps: Sequence[str]
    #: The operator's own data, at most 8 KiB of JSON; Claviger does not read it.
    metadata: Mapping[str, Any]
    #: The beginning of the key, for listings.
    start: str
    #: The end of the key, for listings.
    lastFour: str
    status: Literal["active", "disabled", "expired", "revoked", "not_yet_valid"]
    notBefore: Union[str, None]
    #: Exclusive: the key is expired at this moment.
    expiresAt: Union[str, None]
    disabledAt: Union[str, None]
    revokedAt: Union[str, None]
    deletedAt: Union[str, None]
    #: The id of the first key of the rotation family.
    family: str
    #: The key that this one replaced.
    predecessor: Union[str, None]
    #: The key that replaced this one.
    successor: Union[str, None]
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    createdAt: str
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    updatedAt: str
    #: The newest verdict that proved the key, refusals included; null for none. In reads only.
    lastUsedAt: NotRequired[Union[str, None]]


class KeyChange(TypedDict):
    #: 1 to 100 characters, none of them a control character.
    name: NotRequired[str]
    #: Scopes of the project, attached as the project declares them now.
    scopes: NotRequired[Sequence[str]]
    #: A tier of the project.
    tier: NotRequired[str]
    #: Addresses and CIDR ranges, IPv4 and IPv6. One bad entry refuses the list.
    allowedIps: NotRequired[Sequence[str]]
    #: Must be true for a list that holds 0.0.0.0/0 or ::/0.
    confirmAnyAddress: NotRequired[bool]
    #: The key is unknown before this moment.
    notBefore: NotRequired[Union[str, None]]
    #: A moment in the future; null for never.
    expiresAt: NotRequired[Union[str, None]]
    #: The operator's own data, at most 8 KiB of JSON; Claviger does not read it.
    metadata: NotRequired[Mapping[str, Any]]


class KeySearch(TypedDict):
    #: Keys of this account only.
    account: NotRequired[str]
    #: An id, a start, the last four, a name or a part of one; or a whole key, of which only the digest is
    #: looked for.
    text: str
    limit: NotRequired[int]


class KeyUsesRoutesItem(TypedDict):
    route: str
    requests: int


class KeyUses(TypedDict):
    #: The newest verdict that proved the key; null for none.
    lastUsedAt: Union[str, None]
    #: From where, as far as this node remembers.
    lastAddress: Union[str, None]
    requestsLast24Hours: int
    #: Of the last 24 hours, the busiest first.
    routes: Sequence[KeyUsesRoutesItem]


class MemberChange(TypedDict):
    role: Literal["viewer", "developer", "admin", "owner"]


class MembersItemsItem(TypedDict):
    person: str
    name: str
    email: str
    role: Literal["viewer", "developer", "admin", "owner"]
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    since: str


class Members(TypedDict):
    #: Oldest first.
    items: Sequence[MembersItemsItem]


class Movement(TypedDict):
    id: str
    #: The hour's beginning where it sums up an hour.
    at: str
    account: str
    #: null for credits that were granted, adjusted or expired.
    environment: Union[str, None]
    pot: Literal["allowance", "credits"]
    kind: Literal["grant", "adjustment", "spend", "refund", "expiry"]
    #: Above 0 gained, below 0 lost.
    units: int
    #: How many requests it sums up; 0 where none made it.
    requests: int
    #: The key that spent.
    key: Union[str, None]
    #: The pattern of the route; null where none was consulted.
    route: Union[str, None]
    #: Of an allowance, when its period began.
    period: Union[str, None]
    #: Of credits, when they end; null for never.
    expiresAt: Union[str, None]
    reason: Union[str, None]
    #: Whether it stands for all like it of its hour.
    compacted: bool


class NewAccount(TypedDict):
    #: 1 to 100 characters, none of them a control character.
    name: str
    #: Your own id of the customer, unique in the project.
    externalId: NotRequired[Union[str, None]]
    #: A plan of the project; null for its default plan.
    plan: NotRequired[Union[str, None]]
    #: The operator's own data, at most 8 KiB of JSON; Claviger does not read it.
    metadata: NotRequired[Mapping[str, Any]]


class NewCredits(TypedDict):
    #: Units to add, or below 0 to take away; not 0.
    amount: int
    #: A moment in the future at which added credits end; null for never.
    expiresAt: NotRequired[Union[str, None]]
    #: 1 to 200 characters, none of them a control character; it stands in the journal.
    reason: NotRequired[Union[str, None]]


class NewInvitation(TypedDict):
    email: str
    role: Literal["viewer", "developer", "admin", "owner"]


class NewKey(TypedDict):
    #: The id of the account that owns the key.
    account: str
    #: 1 to 100 characters, none of them a control character.
    name: str
    #: The project's first when absent.
    environment: NotRequired[str]
    #: Scopes of the project, attached as the project declares them now.
    scopes: NotRequired[Sequence[str]]
    #: A tier of the project.
    tier: NotRequired[str]
    #: Addresses and CIDR ranges, IPv4 and IPv6. One bad entry refuses the list.
    allowedIps: NotRequired[Sequence[str]]
    #: Must be true for a list that holds 0.0.0.0/0 or ::/0.
    confirmAnyAddress: NotRequired[bool]
    #: The key is unknown before this moment.
    notBefore: NotRequired[Union[str, None]]
    #: A moment in the future; null for never.
    expiresAt: NotRequired[Union[str, None]]
    #: The operator's own data, at most 8 KiB of JSON; Claviger does not read it.
    metadata: NotRequired[Mapping[str, Any]]


class NewOperator(TypedDict):
    email: str
    role: Literal["viewer", "support", "admin", "owner"]


class NewPortalSession(TypedDict):
    #: Whose keys are shown.
    account: str
    role: NotRequired[Literal["viewer", "developer", "admin", "owner"]]


class NewResetLink(TypedDict):
    email: str
    #: Default member.
    kind: NotRequired[Literal["member", "operator"]]
    #: Whose portal the link of a member leads to.
    project: NotRequired[str]


class NewTicket(TypedDict):
    #: The id of the key whose rights, limits and money the socket has.
    key: str
    #: The only path that it opens, without a query.
    path: NotRequired[str]
    #: The address of the only client that may use it.
    address: NotRequired[str]
    ttlSeconds: NotRequired[int]


class OAuthError(TypedDict):
    error: str
    error_description: NotRequired[str]


class OneTimeLink(TypedDict):
    #: Works once; shown here and nowhere else.
    link: str
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    expiresAt: str


class OperatorChange(TypedDict):
    role: Literal["viewer", "support", "admin", "owner"]


class OperatorInvitation(TypedDict):
    id: str
    email: str
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    createdAt: str
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    expiresAt: str
    role: Literal["viewer", "support", "admin", "owner"]
    #: To be handed over; only here and only where no mail was sent.
    link: NotRequired[str]


class OperatorsItemsItem(TypedDict):
    id: str
    name: str
    email: str
    role: Literal["viewer", "support", "admin", "owner"]
    secondFactor: bool
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    since: str


class Operators(TypedDict):
    #: Oldest first.
    items: Sequence[OperatorsItemsItem]
    invitations: Sequence[OperatorInvitation]


class PortalLabels(TypedDict):
    #: The way to the keys.
    menu: Sequence[str]
    keys: str
    key: str
    createKey: str
    rotateKey: str
    revokeKey: str
    account: str
    usage: str


class PortalScopesItem(TypedDict):
    name: str
    description: str
    #: The product it belongs to.
    group: Union[str, None]
    implies: Sequence[str]
    standsForAll: bool


class PortalTiersItem(TypedDict):
    name: str
    title: str
    scopes: Sequence[str]


class PortalKeys(TypedDict):
    #: The template of a new key.
    looksLike: str
    maxPerAccount: Union[int, None]
    defaultExpiryDays: Union[int, None]
    maxExpiryDays: Union[int, None]


class PortalClientSnippetsItem(TypedDict):
    title: str
    language: str
    code: str


class PortalClient(TypedDict):
    environmentVariable: str
    #: Where keys are used.
    baseUrl: Union[str, None]
    #: A request that works, and reads the key from the environment.
    snippets: Sequence[PortalClientSnippetsItem]


class Portal(TypedDict):
    project: str
    title: str
    description: Union[str, None]
    labels: PortalLabels
    #: Such as #1c5fd4.
    accent: str
    #: A data URI.
    logo: Union[str, None]
    signUp: Literal["open", "invited"]
    #: Whether a reset can be asked for by mail.
    mail: bool
    environments: Sequence[str]
    scopes: Sequence[PortalScopesItem]
    defaultScopes: Sequence[str]
    tiers: Sequence[PortalTiersItem]
    keys: PortalKeys
    client: PortalClient


class PortalSession(TypedDict):
    #: Opens the portal, signed in. The code stands in the fragment.
    url: str
    #: For a frame, which is handed the code by postMessage.
    embedUrl: str
    #: Works once.
    code: str
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    expiresAt: str


class ProblemErrorsItem(TypedDict):
    #: Dotted path of the field; empty for the body as a whole.
    field: str
    message: str


class Problem(TypedDict):
    #: urn:claviger:error: and the code.
    type: str
    title: str
    status: int
    #: What to mend.
    detail: str
    #: Stable; programs may rely on it.
    code: Literal["invalid_request", "invalid_json", "multiple_credentials", "missing_key", "invalid_key", "session_required", "invalid_credentials", "insufficient_credits", "insufficient_scope", "forbidden", "csrf_failed", "reauth_required", "address_unconfirmed", "not_found", "method_not_allowed", "conflict", "confirmation_required", "mail_unavailable", "limit_reached", "idempotency_in_progress", "payload_too_large", "unsupported_media_type", "validation_failed", "idempotency_key_reused", "too_many_attempts", "headers_too_large", "overloaded", "store_unavailable", "internal_error"]
    #: The request's id, as in X-Request-Id.
    instance: str
    #: Where the mistakes are, with validation_failed; at most 100 of them.
    errors: NotRequired[Sequence[ProblemErrorsItem]]


class ProjectEndpointsItem(TypedDict):
    #: As the project file names it.
    host: str
    #: Where this server answers for the host, for clients that do not resolve it.
    url: str


class Project(TypedDict):
    name: str
    title: str
    file: ProjectFile
    #: Counts the changes of the file from 1.
    version: int
    endpoints: Sequence[ProjectEndpointsItem]
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    createdAt: str
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    updatedAt: str


class ProjectFileHostsItem(TypedDict):
    host: str
    #: Only keys of this environment are admitted here.
    environment: NotRequired[str]
    #: The region reported to the upstream for requests to this host.
    region: NotRequired[str]


class ProjectFileKeysAcceptItem(TypedDict):
    format: str
    #: Whether the last six characters of the secret are a base62 CRC-32 of all before them.
    checksum: NotRequired[Literal["crc32", "none"]]


class ProjectFileKeys(TypedDict):
    #: Template of a key, of text, {env}, {id:N} and a final {secret:N}; such as acme_{env}_{secret:32}.
    format: NotRequired[str]
    #: Whether the last six characters of the secret are a base62 CRC-32 of all before them.
    checksum: NotRequired[Literal["crc32", "none"]]
    #: Formats that are read beside the one that is minted, for keys issued before.
    accept: NotRequired[Sequence[ProjectFileKeysAcceptItem]]
    #: Scopes of a key that is made without naming any; without it such a key is refused.
    defaultScopes: NotRequired[Sequence[str]]
    #: How many keys of an account may be alive at once. Without it there is no bound.
    maxPerAccount: NotRequired[int]
    #: Of a key that is made without expiresAt. Without it such a key does not expire.
    defaultExpiryDays: NotRequired[int]
    #: The longest life of a key that a customer makes; then none without an end. Without it there is no bound.
    maxExpiryDays: NotRequired[int]


class ProjectFileCredentialsQuery(TypedDict):
    name: NotRequired[str]
    #: Where the parameter is accepted: nowhere, or on WebSocket upgrades only.
    on: NotRequired[Literal["never", "upgrade"]]


class ProjectFileCredentialsTicket(TypedDict):
    """Where a one-time ticket may stand in the URL of a WebSocket upgrade, for clients that must not hold a
    key; default ticket.
    """

    name: NotRequired[str]


class ProjectFileCredentials(TypedDict):
    #: Authorization: Bearer <key> (RFC 6750). Default true.
    bearer: NotRequired[bool]
    #: Headers whose whole value is the key.
    headers: NotRequired[Sequence[str]]
    query: NotRequired[ProjectFileCredentialsQuery]
    #: Hands the key on to the upstream as the client sent it. Default false: it is taken out.
    keep: NotRequired[bool]
    #: Where a one-time ticket may stand in the URL of a WebSocket upgrade, for clients that must not hold a
    #: key; default ticket.
    ticket: NotRequired[ProjectFileCredentialsTicket]


class ProjectFileRegionsValue(TypedDict):
    keyPrefix: str
    #: Where requests of the region go on to, in place of `upstream`.
    upstream: NotRequired[str]


class ProjectFileScopesValue(TypedDict):
    #: What the scope allows, in the customer's words.
    description: NotRequired[str]
    #: The product it belongs to.
    group: NotRequired[str]
    #: Scopes that it includes.
    implies: NotRequired[Sequence[str]]
    #: Full access: to the scopes of the key's creation only, or to those added later too.
    standsForAll: NotRequired[Literal["frozen", "future"]]


class ProjectFileTiersValue(TypedDict):
    #: Shown name.
    title: NotRequired[str]
    scopes: Sequence[str]


class ProjectFileLimitsValue1(TypedDict):
    #: Units per window; 0 admits nothing.
    rate: int
    windowSeconds: int
    #: Units at one moment; default the rate.
    burst: NotRequired[int]
    #: Whose it is: each key's (shared by its rotation family), shared by all keys of an account, or of
    #: everything that one client address sends (IPv6: one /64).
    per: NotRequired[Literal["key", "account", "address"]]


class ProjectFileLimitsValue2(TypedDict):
    #: Requests at once; 0 admits nothing.
    concurrency: int
    retryAfterSeconds: NotRequired[int]
    #: Whose it is: each key's (shared by its rotation family), shared by all keys of an account, or of
    #: everything that one client address sends (IPv6: one /64).
    per: NotRequired[Literal["key", "account", "address"]]


class ProjectFilePlansValueLimitsValue1(TypedDict):
    #: Units per window; 0 admits nothing.
    rate: int
    windowSeconds: int
    #: Units at one moment; default the rate.
    burst: NotRequired[int]
    #: Whose it is: each key's (shared by its rotation family), shared by all keys of an account, or of
    #: everything that one client address sends (IPv6: one /64).
    per: NotRequired[Literal["key", "account", "address"]]


class ProjectFilePlansValueLimitsValue2(TypedDict):
    #: Requests at once; 0 admits nothing.
    concurrency: int
    retryAfterSeconds: NotRequired[int]
    #: Whose it is: each key's (shared by its rotation family), shared by all keys of an account, or of
    #: everything that one client address sends (IPv6: one /64).
    per: NotRequired[Literal["key", "account", "address"]]


class ProjectFilePlansValueAllowanceOveragePrice(TypedDict):
    amount: float
    #: How many units the amount is for.
    units: int
    currency: NotRequired[str]


class ProjectFilePlansValueAllowanceOverage(TypedDict):
    """Lets the account go past its allowance; what went over is counted and told."""

    #: Units past the allowance that a period takes; without it there is no bound.
    upTo: NotRequired[int]
    price: NotRequired[ProjectFilePlansValueAllowanceOveragePrice]


class ProjectFilePlansValueAllowance(TypedDict):
    units: Union[Literal["unlimited"], int]
    #: Lets the account go past its allowance; what went over is counted and told.
    overage: NotRequired[ProjectFilePlansValueAllowanceOverage]
    #: Day of the month, or created for the day on which the account was made; default 1. A month too short for
    #: it has its last day.
    resetsOn: NotRequired[Union[Literal["created"], int]]


class ProjectFilePlansValuePrice(TypedDict):
    amount: float
    currency: NotRequired[str]
    per: NotRequired[Literal["month", "year"]]


class ProjectFilePlansValue(TypedDict):
    #: Shown name.
    title: NotRequired[str]
    features: NotRequired[Union[Literal["all"], Sequence[str]]]
    #: Limits of the plan's accounts; one with a name of the project's takes its place.
    limits: NotRequired[Mapping[str, Union[ProjectFilePlansValueLimitsValue1, ProjectFilePlansValueLimitsValue2]]]
    #: Units of each environment of an account in a calendar month (UTC). A plan without it has none; unlimited
    #: counts without bound.
    allowance: NotRequired[Union[Literal["unlimited"], int, ProjectFilePlansValueAllowance]]
    price: NotRequired[ProjectFilePlansValuePrice]


class ProjectFileRoutesItemCost2(TypedDict):
    """The Unicode code points of a text."""

    characters: str


class ProjectFileRoutesItemCost3(TypedDict):
    """A whole number that the client sends; less than minimum is refused."""

    value: str
    minimum: NotRequired[int]


class ProjectFileRoutesItemCost4(TypedDict):
    """The bytes of the body."""

    bytes: Literal["body"]


class ProjectFileRoutesItemHold(TypedDict):
    """The cost is held and settled at the whole number in this header of the upstream's answer."""

    settle: str
    #: The most that a request may come to; default what was held.
    max: NotRequired[int]


class ProjectFileRoutesItemMessagesCost2(TypedDict):
    """The Unicode code points of a text."""

    characters: str


class ProjectFileRoutesItemMessagesCost3(TypedDict):
    """A whole number that the client sends; less than minimum is refused."""

    value: str
    minimum: NotRequired[int]


class ProjectFileRoutesItemMessagesCost4(TypedDict):
    """The bytes of the body."""

    bytes: Literal["body"]


class ProjectFileRoutesItemMessages(TypedDict):
    """What each message costs that a client sends over a WebSocket of this route, paid before it is passed on;
    1 where the cost is not said. Paid from the route's pot where none is named.
    """

    #: Units that a request costs; 1 where the route names a pot and no cost.
    cost: NotRequired[Union[int, ProjectFileRoutesItemMessagesCost2, ProjectFileRoutesItemMessagesCost3, ProjectFileRoutesItemMessagesCost4]]
    #: What pays: a pot, or pots in the order in which they pay.
    pot: NotRequired[Union[Literal["allowance", "credits"], Sequence[Literal["allowance", "credits"]]]]


class ProjectFileRoutesItemForwardAuth(TypedDict):
    #: Units, in place of the route's cost; spent for good, whatever the upstream answers.
    cost: NotRequired[int]
    #: How long a request counts as running, since nobody says when it ends.
    concurrencySeconds: NotRequired[int]


class ProjectFileRoutesItem(TypedDict):
    match: Union[str, Sequence[str]]
    #: The group of methods, or group and method, that stands for it in client packages.
    name: NotRequired[str]
    #: Whether client packages open a WebSocket here. Default false.
    webSocket: NotRequired[bool]
    #: All of these are needed.
    scopes: NotRequired[Sequence[str]]
    #: The feature that the account's plan must include.
    feature: NotRequired[str]
    #: The path parameter that must be the key's own account (its id or externalId).
    ownAccount: NotRequired[str]
    #: The limits that hold here; default all of them.
    limits: NotRequired[Sequence[str]]
    #: What a request counts in rate limits; default 1.
    weight: NotRequired[int]
    #: Units that a request costs; 1 where the route names a pot and no cost.
    cost: NotRequired[Union[int, ProjectFileRoutesItemCost2, ProjectFileRoutesItemCost3, ProjectFileRoutesItemCost4]]
    #: What pays: a pot, or pots in the order in which they pay.
    pot: NotRequired[Union[Literal["allowance", "credits"], Sequence[Literal["allowance", "credits"]]]]
    hold: NotRequired[Union[Literal[True], ProjectFileRoutesItemHold]]
    #: What each message costs that a client sends over a WebSocket of this route, paid before it is passed on;
    #: 1 where the cost is not said. Paid from the route's pot where none is named.
    messages: NotRequired[ProjectFileRoutesItemMessages]
    #: How the route is judged for a proxy that asks (forward-auth, ext_authz).
    forwardAuth: NotRequired[Union[Literal[False], ProjectFileRoutesItemForwardAuth]]


class ProjectFileNetworkFailedAttempts(TypedDict):
    """How many invalid keys one client address (IPv6: one /64) may try; those beyond are answered
    rate_exceeded. Without it there is no bound.
    """

    #: Invalid keys per window.
    rate: int
    windowSeconds: int


class ProjectFileNetwork(TypedDict):
    trustedProxies: NotRequired[Sequence[str]]
    clientAddressHeader: NotRequired[str]
    headerStyle: NotRequired[Literal["list", "single", "forwarded"]]
    #: Lets the trusted proxies ask for verdicts (forward-auth, ext_authz); every route must then fit. Default
    #: false.
    forwardAuth: NotRequired[bool]
    #: How many invalid keys one client address (IPv6: one /64) may try; those beyond are answered
    #: rate_exceeded. Without it there is no bound.
    failedAttempts: NotRequired[ProjectFileNetworkFailedAttempts]


class ProjectFileCors(TypedDict):
    """Preflights are answered without the upstream, and every answer says which pages may read it. Never with
    cookies.
    """

    #: Exact origins whose pages may call the API, or * alone for every page.
    origins: Sequence[str]
    #: Request headers beside those that carry a key, Content-Type and Idempotency-Key.
    headers: NotRequired[Sequence[str]]
    #: Answer headers beside those that Claviger itself sets.
    exposedHeaders: NotRequired[Sequence[str]]
    #: How long a browser may remember the answer to a preflight; default 600.
    maxAgeSeconds: NotRequired[int]


class ProjectFileUpstreamTimeouts(TypedDict):
    #: How long the upstream may take to begin its answer; default 60.
    answerSeconds: NotRequired[int]
    #: How long it may pause within its answer; default 300.
    silenceSeconds: NotRequired[int]


class ProjectFileSampleItemFailWhen(TypedDict):
    #: Member of the JSON body.
    field: str
    equals: Any
    status: int


class ProjectFileSampleItem(TypedDict):
    #: METHODS /path, such as GET /v1/voices/**, POST|PATCH /v1/voices/{voice}, or /v1/music/** for any method.
    match: str
    status: NotRequired[int]
    body: NotRequired[Any]
    delayMs: NotRequired[int]
    #: Over a WebSocket each message is answered with a moment of audio too (16-bit PCM, 24 kHz, mono), before
    #: the echo.
    audio: NotRequired[bool]
    failWhen: NotRequired[ProjectFileSampleItemFailWhen]


class ProjectFileClientPackageName(TypedDict):
    #: On PyPI.
    python: NotRequired[str]
    #: On npm; may have a scope.
    typescript: NotRequired[str]


class ProjectFileClientExample(TypedDict):
    method: NotRequired[str]
    path: str
    body: NotRequired[Any]


class ProjectFileClient(TypedDict):
    environmentVariable: NotRequired[str]
    #: Where the API is; default the first host.
    baseUrl: NotRequired[str]
    regions: NotRequired[Mapping[str, str]]
    #: What is installed; default the project's name.
    packageName: NotRequired[Union[str, ProjectFileClientPackageName]]
    #: What Python imports; default the package's name with _ for other signs.
    moduleName: NotRequired[str]
    #: The client's class; default the title, if it can be one, else the name.
    className: NotRequired[str]
    example: NotRequired[ProjectFileClientExample]


class ProjectFileDialectAnswersMissing_key(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersMultiple_credentials(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersMalformed_request(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersAmbiguous_path(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersInvalid_key(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersRevoked_key(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersDisabled_key(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersExpired_key(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersAccount_suspended(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersWrong_environment(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersIp_not_allowed(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersNo_route(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersInsufficient_scope(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersWrong_account(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersFeature_not_in_plan(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersConcurrency_exceeded(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersRate_exceeded(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersUnmeasurable_request(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersRequest_too_large(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersAllowance_exceeded(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersInsufficient_credits(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersStore_unavailable(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersUpstream_unavailable(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersUpstream_timeout(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersMethod_not_allowed(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersHeaders_too_large(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswersOrigin_not_allowed(TypedDict):
    status: NotRequired[int]
    #: The vendor's error code.
    code: NotRequired[str]
    #: May hold placeholders such as {hint}.
    message: NotRequired[str]
    #: A body of its own instead of the dialect's.
    body: NotRequired[Any]
    headers: NotRequired[Mapping[str, str]]


class ProjectFileDialectAnswers(TypedDict):
    missing_key: NotRequired[ProjectFileDialectAnswersMissing_key]
    multiple_credentials: NotRequired[ProjectFileDialectAnswersMultiple_credentials]
    malformed_request: NotRequired[ProjectFileDialectAnswersMalformed_request]
    ambiguous_path: NotRequired[ProjectFileDialectAnswersAmbiguous_path]
    invalid_key: NotRequired[ProjectFileDialectAnswersInvalid_key]
    revoked_key: NotRequired[ProjectFileDialectAnswersRevoked_key]
    disabled_key: NotRequired[ProjectFileDialectAnswersDisabled_key]
    expired_key: NotRequired[ProjectFileDialectAnswersExpired_key]
    account_suspended: NotRequired[ProjectFileDialectAnswersAccount_suspended]
    wrong_environment: NotRequired[ProjectFileDialectAnswersWrong_environment]
    ip_not_allowed: NotRequired[ProjectFileDialectAnswersIp_not_allowed]
    no_route: NotRequired[ProjectFileDialectAnswersNo_route]
    insufficient_scope: NotRequired[ProjectFileDialectAnswersInsufficient_scope]
    wrong_account: NotRequired[ProjectFileDialectAnswersWrong_account]
    feature_not_in_plan: NotRequired[ProjectFileDialectAnswersFeature_not_in_plan]
    concurrency_exceeded: NotRequired[ProjectFileDialectAnswersConcurrency_exceeded]
    rate_exceeded: NotRequired[ProjectFileDialectAnswersRate_exceeded]
    unmeasurable_request: NotRequired[ProjectFileDialectAnswersUnmeasurable_request]
    request_too_large: NotRequired[ProjectFileDialectAnswersRequest_too_large]
    allowance_exceeded: NotRequired[ProjectFileDialectAnswersAllowance_exceeded]
    insufficient_credits: NotRequired[ProjectFileDialectAnswersInsufficient_credits]
    store_unavailable: NotRequired[ProjectFileDialectAnswersStore_unavailable]
    upstream_unavailable: NotRequired[ProjectFileDialectAnswersUpstream_unavailable]
    upstream_timeout: NotRequired[ProjectFileDialectAnswersUpstream_timeout]
    method_not_allowed: NotRequired[ProjectFileDialectAnswersMethod_not_allowed]
    headers_too_large: NotRequired[ProjectFileDialectAnswersHeaders_too_large]
    origin_not_allowed: NotRequired[ProjectFileDialectAnswersOrigin_not_allowed]


class ProjectFileDialect(TypedDict):
    #: In WWW-Authenticate.
    realm: NotRequired[str]
    #: JSON template of every refusal: {code}, {message}, {status}, …
    body: NotRequired[Any]
    answers: NotRequired[ProjectFileDialectAnswers]
    #: On every answer to a valid key.
    headers: NotRequired[Mapping[str, str]]
    #: Adds RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10) to every answer to a valid
    #: key.
    rateLimitFields: NotRequired[bool]


class ProjectFilePortalLabels(TypedDict):
    """The words of the vendor's own pages."""

    #: The way to the keys, such as [Settings, API Keys]. Default [API Keys].
    menu: NotRequired[Sequence[str]]
    #: What keys are called, in the plural. Default API keys.
    keys: NotRequired[str]
    #: What a key is called. Default API key.
    key: NotRequired[str]
    #: On the button that makes a key. Default Create API key.
    createKey: NotRequired[str]
    #: On the button that replaces a key. Default Rotate.
    rotateKey: NotRequired[str]
    #: On the button that ends a key. Default Revoke.
    revokeKey: NotRequired[str]
    #: What an account is called. Default account.
    account: NotRequired[str]
    #: What usage is called. Default Usage.
    usage: NotRequired[str]


class ProjectFilePortal(TypedDict):
    """The page on which customers keep their keys."""

    #: The words of the vendor's own pages.
    labels: NotRequired[ProjectFilePortalLabels]
    #: Of buttons and links. Default #1c5fd4.
    accent: NotRequired[str]
    #: Shown as an image, in which no script runs.
    logo: NotRequired[str]
    #: Whether anybody may make an account, or only who is invited. Default open.
    signUp: NotRequired[Literal["open", "invited"]]
    #: Whose pages may show the portal in a frame. Default nobody's.
    embedOrigins: NotRequired[Sequence[str]]


class ProjectFile(TypedDict):
    #: The project's id; the only field that must be given.
    name: str
    #: The shown name.
    title: NotRequired[str]
    #: One sentence for the generated pages.
    description: NotRequired[str]
    hosts: NotRequired[Sequence[Union[str, ProjectFileHostsItem]]]
    environments: NotRequired[Sequence[str]]
    keys: NotRequired[ProjectFileKeys]
    credentials: NotRequired[ProjectFileCredentials]
    regions: NotRequired[Mapping[str, ProjectFileRegionsValue]]
    scopes: NotRequired[Mapping[str, Union[str, ProjectFileScopesValue]]]
    tiers: NotRequired[Mapping[str, ProjectFileTiersValue]]
    #: How fast and how many at once, for every key unless a plan says otherwise.
    limits: NotRequired[Mapping[str, Union[ProjectFileLimitsValue1, ProjectFileLimitsValue2]]]
    plans: NotRequired[Mapping[str, ProjectFilePlansValue]]
    #: The plan of an account that has none.
    defaultPlan: NotRequired[str]
    #: Without it every path is open to every valid key; with it what matches none is refused.
    routes: NotRequired[Sequence[ProjectFileRoutesItem]]
    network: NotRequired[ProjectFileNetwork]
    #: Preflights are answered without the upstream, and every answer says which pages may read it. Never with
    #: cookies.
    cors: NotRequired[ProjectFileCors]
    #: The URL that requests are forwarded to, or `sample` for one served inside the process.
    upstream: NotRequired[str]
    upstreamTimeouts: NotRequired[ProjectFileUpstreamTimeouts]
    #: Answers of the sample upstream that are not the echo.
    sample: NotRequired[Sequence[ProjectFileSampleItem]]
    client: NotRequired[ProjectFileClient]
    dialect: NotRequired[ProjectFileDialect]
    #: The page on which customers keep their keys.
    portal: NotRequired[ProjectFilePortal]


class Readiness(TypedDict):
    ready: bool
    #: What was looked at: ok, or what is wrong.
    checks: Mapping[str, str]


class Revocation(TypedDict):
    #: Every key of the rotation family too.
    family: NotRequired[bool]


class RevokeMany(TypedDict):
    account: NotRequired[str]
    #: Exclusive.
    createdBefore: NotRequired[str]
    #: How many keys are meant to die. Without the exact number none does, and it is told.
    expectedCount: NotRequired[int]


class RevokedMany(TypedDict):
    revoked: int


class Rotation(TypedDict):
    #: How long the old key goes on working; 0 revokes it in the same moment.
    graceSeconds: NotRequired[int]


class SeenRequest(TypedDict):
    #: Grows; of this node and its present run.
    id: str
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    at: str
    method: Union[str, None]
    #: Without its query.
    path: Union[str, None]
    #: The pattern of the project file.
    route: Union[str, None]
    #: The code of the verdict.
    outcome: str
    allowed: bool
    #: The verdict in words, and what to do.
    reason: str
    key: Union[str, None]
    keyName: Union[str, None]
    account: Union[str, None]
    environment: Union[str, None]
    address: Union[str, None]
    cost: Union[int, None]


class SeenRequests(TypedDict):
    #: Newest first; what this node remembers.
    items: Sequence[SeenRequest]


class Settlement(TypedDict):
    #: What the request really cost, in units. Less than held is given back, more is taken.
    cost: int


class TestRequest(TypedDict):
    #: A whole key; in no log and no URL.
    key: NotRequired[str]
    #: Or a key's id, as if the key were sent.
    keyId: NotRequired[str]
    method: str
    #: As a client would send it.
    path: str
    #: A host of the project; default the first.
    host: NotRequired[str]
    clientAddress: NotRequired[str]
    #: Units; in place of the route's cost.
    cost: NotRequired[int]


class TestedRequestAnswer(TypedDict):
    status: int
    body: str


class TestedRequestStepsItem(TypedDict):
    step: str
    outcome: Literal["passed", "failed", "not_reached"]
    words: str


class TestedRequest(TypedDict):
    allowed: bool
    #: Of the verdict.
    code: str
    reason: str
    #: The key's id, once its secret was proved.
    key: Union[str, None]
    #: The matched pattern.
    route: Union[str, None]
    #: What the client would be told, where it is refused.
    answer: Union[TestedRequestAnswer, None]
    #: In the order in which they are taken.
    steps: Sequence[TestedRequestStepsItem]


class UsageItemsItem(TypedDict):
    #: Empty for verdicts without a proven key.
    account: NotRequired[str]
    #: Empty for verdicts without a proven key.
    environment: NotRequired[str]
    #: Empty for verdicts without a proven key.
    key: NotRequired[str]
    #: The pattern of the project file; empty where none matched.
    route: NotRequired[str]
    #: The code of the verdict.
    outcome: NotRequired[str]
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    hour: NotRequired[str]
    #: In UTC, such as 2026-11-21.
    day: NotRequired[str]
    #: In UTC, such as 2026-11.
    month: NotRequired[str]
    #: Verdicts, refusals among them.
    requests: int
    #: What they cost, less what was given back; below 0 where more was given back than spent.
    units: int
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    lastAt: str


class UsageTotals(TypedDict):
    requests: int
    units: int


Usage = TypedDict(
    "Usage",
    {
        #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
        "from": 'str',
        #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
        "to": 'str',
        "by": 'Sequence[Literal["account", "environment", "key", "route", "outcome", "hour", "day", "month"]]',
        #: In the order of the groups, oldest and lowest first; nothing where nothing was counted.
        "items": 'Sequence[UsageItemsItem]',
        "totals": 'UsageTotals',
    },
)


class VerdictKey(TypedDict):
    """Present once the secret has matched."""

    id: str
    name: str
    account: str
    environment: str
    scopes: Sequence[str]
    tier: NotRequired[str]
    plan: NotRequired[str]
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    expiresAt: NotRequired[str]
    #: The operator's own data, at most 8 KiB of JSON; Claviger does not read it.
    metadata: Mapping[str, Any]


class VerdictLimitsItem(TypedDict):
    name: str
    kind: Literal["rate", "concurrency"]
    limit: int
    remaining: int
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    resetsAt: str
    windowSeconds: NotRequired[float]
    retryAfterSeconds: NotRequired[int]


class VerdictHold(TypedDict):
    """Where one was asked for and something was paid. At expiresAt it stays spent."""

    #: Settle or release it under this id.
    id: str
    units: int
    #: ISO 8601 in UTC, such as 2027-01-31T12:00:00.000Z.
    expiresAt: str


class Verdict(TypedDict):
    allowed: bool
    code: Literal["ok", "missing_key", "multiple_credentials", "malformed_request", "ambiguous_path", "invalid_key", "revoked_key", "disabled_key", "expired_key", "account_suspended", "wrong_environment", "ip_not_allowed", "no_route", "insufficient_scope", "wrong_account", "feature_not_in_plan", "concurrency_exceeded", "rate_exceeded", "unmeasurable_request", "request_too_large", "allowance_exceeded", "insufficient_credits", "store_unavailable"]
    #: Present once the secret has matched.
    key: NotRequired[VerdictKey]
    #: The pattern of the project file that matched.
    route: NotRequired[str]
    #: The region that the credential's prefix asked for.
    region: NotRequired[str]
    #: The database does not answer, and the key was admitted from memory past its lease (--fail-static).
    stale: NotRequired[bool]
    requiredScopes: NotRequired[Sequence[str]]
    #: What the limits say, for a valid key.
    limits: NotRequired[Sequence[VerdictLimitsItem]]
    #: Units: what the request has paid, or would have had to pay.
    cost: NotRequired[int]
    allowance: NotRequired[Allowance]
    #: Prepaid units of the account, in every environment.
    credits: NotRequired[int]
    #: Where one was asked for and something was paid. At expiresAt it stays spent.
    hold: NotRequired[VerdictHold]
    #: With the codes that pass by waiting.
    retryAfterSeconds: NotRequired[int]
    #: What to mend, out of a fixed list.
    hint: NotRequired[str]


class VerifyBatch(TypedDict):
    requests: Sequence[VerifyQuestion]


class VerifyQuestion(TypedDict):
    #: The project whose key it should be.
    project: str
    #: The credential as it was sent to you.
    key: str
    #: The client's address. Without it a key that has an allowlist is refused.
    ip: NotRequired[str]
    #: Admit keys of this environment only.
    environment: NotRequired[str]
    #: Needed beside what the route needs.
    scopes: NotRequired[Sequence[str]]
    #: Together with path: judge on this route.
    method: NotRequired[str]
    #: The request target as it was sent. Without it no route is consulted.
    path: NotRequired[str]
    #: What the request costs in units, in place of the route's cost. Needed where the route takes its cost from
    #: the request. An allowed verdict has spent it.
    cost: NotRequired[int]
    #: Keep what is spent open under an id, so that it can be settled or given back.
    hold: NotRequired[bool]


class GetHealthResult(TypedDict):
    status: Literal["ok"]


class IntrospectKeyBody(TypedDict):
    #: The key, exactly once.
    token: str
    #: Ignored.
    token_type_hint: NotRequired[str]
    #: Needed with Bearer; with Basic the user says it.
    project: NotRequired[str]


class ProjectPage(TypedDict):
    #: Newest first.
    items: Sequence[Project]
    #: Absent on the last page.
    nextCursor: NotRequired[str]


class AccountPage(TypedDict):
    #: Newest first.
    items: Sequence[Account]
    #: Absent on the last page.
    nextCursor: NotRequired[str]


class MovementPage(TypedDict):
    #: Newest first.
    items: Sequence[Movement]
    #: Absent on the last page.
    nextCursor: NotRequired[str]


class AuditEntryPage(TypedDict):
    #: Newest first.
    items: Sequence[AuditEntry]
    #: Absent on the last page.
    nextCursor: NotRequired[str]


class KeyPage(TypedDict):
    #: Newest first.
    items: Sequence[Key]
    #: Absent on the last page.
    nextCursor: NotRequired[str]


class VerifyKeysResult(TypedDict):
    #: In the order of the requests.
    verdicts: Sequence[Verdict]
