// The sections about living with a key: allowlists, rotation, revocation, and advice on keeping it secret.
import type { Project } from "../compile.ts";
import { answerTo } from "./denials.ts";
import { environmentVariable } from "./example.ts";
import { code, list, section } from "./markdown.ts";
import { paidRoutes } from "./routes.ts";

export function allowlistSection(project: Project): string {
  return section(
    "IP allowlists",
    `A key may be bound to addresses and CIDR ranges, IPv4 and IPv6, and the list may be changed at any time. A request from elsewhere, or from an address that cannot be told, is refused (${answerTo(project, "ip_not_allowed")}). A key without a list works from everywhere.`,
  )!;
}

export function rotationSection(project: Project): string {
  return section(
    "Rotation",
    "Rotating a key makes a successor with the same name, environment, scopes, allowlist and expiry. Ask for a grace period and both work until it ends; without one the old key is revoked in the same moment.",
    paidRoutes(project).length === 0
      ? undefined
      : "What the account has left of its allowance or its credits stays as it is: keys share it.",
    "By hand: make a second key with the same scopes, switch your applications over, check that they work, and revoke the first.",
    `When the grace period has ended, the old key is refused (${answerTo(project, "expired_key")}).`,
  )!;
}

export function revocationSection(project: Project): string {
  return section(
    "Revocation",
    `Once a revocation is confirmed, every request with the key is refused (${answerTo(project, "revoked_key")}). A revoked key never works again; make a new one instead. Deleting a key revokes it and takes it off the list. A key that should only rest can be disabled and enabled again (${answerTo(project, "disabled_key")} meanwhile).`,
  )!;
}

export function adviceSection(project: Project): string {
  const { environments, scopes } = project;
  return section(
    "Keeping keys safe",
    list([
      "**Shown once.** A key is shown when it is made and never again. Nobody can read it back to you: if it is lost, make another.",
      "**Servers only.** Whoever can read your web page or take your app apart can read a key inside it. Let browsers and apps call a backend of yours that adds the key.",
      `**Environment variables.** Keep the key in ${code(environmentVariable(project))} or a secrets manager, never in source code, a repository, a chat or a ticket.`,
      environments.length > 1
        ? "**One key per environment and service.** A leak then costs one key, and usage can be told apart. Give each a name that says where it runs."
        : "**One key per deployment and service.** A leak then costs one key, and usage can be told apart. Give each a name that says where it runs.",
      ...(scopes.size > 0
        ? ["**Least privilege.** Give a key the scopes that its service needs and no more."]
        : []),
      "**An allowlist in production.** A stolen key is worth little where it cannot be used from.",
      "**Rotate.** Replace keys on a schedule, and at once after a leak or when somebody leaves who knew one.",
      "**Watch.** Look at what each key is used for; traffic that you cannot explain is reason enough to revoke it.",
    ]),
  )!;
}
