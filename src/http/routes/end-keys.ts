// Ends keys or rests them: revoke, disable, enable, rotate, and revoke many at once.

import { cancelRotation } from "../../manage/cancel-rotation.ts";
import { disableKey, enableKey, revokeKey, revokeManyKeys } from "../../manage/end-key.ts";
import { rotateKey } from "../../manage/rotate-key.ts";
import type { App, OperationParts } from "../operation.ts";
import { KeyPath, NoFields, ProjectPath } from "../shapes/json.ts";
import { CreatedKey, Key, Revocation, RevokedMany, RevokeMany, Rotation } from "../shapes/keys.ts";

const ofMembers = { access: "keys:write", member: { role: "developer", account: "key" } } as const;

export function addEndKeys(app: App, parts: OperationParts): void {
  app.post(
    "/v1/projects/:project/keys/:key/revoke",
    {
      config: { ...ofMembers, problems: ["conflict"] },
      schema: {
        operationId: "revokeKey",
        summary: "Revoke a key for good",
        description: "When this answers, no request with the key is admitted any more.",
        tags: ["keys"],
        params: KeyPath,
        body: Revocation,
        response: { 200: Key },
      },
    },
    (request, reply) =>
      parts.answerOnce(request, reply, 200, (caller) =>
        revokeKey(parts, caller, request.params.project, request.params.key, request.body),
      ),
  );
  addRest(app, parts, "disable", "Refuse a key until it is enabled again", disableKey);
  addRest(app, parts, "enable", "Admit a disabled key again", enableKey);
  addRotate(app, parts);
  app.post(
    "/v1/projects/:project/keys/:key/cancel-rotation",
    {
      config: { ...ofMembers, problems: ["conflict"] },
      schema: {
        operationId: "cancelRotation",
        summary: "Take a rotation back while its grace lasts",
        description: "Of the old key: its successor is revoked, and it goes on as before.",
        tags: ["keys"],
        params: KeyPath,
        body: NoFields,
        response: { 200: Key },
      },
    },
    (request, reply) =>
      parts.answerOnce(request, reply, 200, (caller) =>
        cancelRotation(parts, caller, request.params.project, request.params.key),
      ),
  );
  addRevokeMany(app, parts);
}

function addRest(
  app: App,
  parts: OperationParts,
  verb: "disable" | "enable",
  summary: string,
  change: typeof disableKey,
): void {
  app.post(
    `/v1/projects/:project/keys/:key/${verb}`,
    {
      config: { ...ofMembers, problems: ["conflict"] },
      schema: {
        operationId: `${verb}Key`,
        summary,
        tags: ["keys"],
        params: KeyPath,
        body: NoFields,
        response: { 200: Key },
      },
    },
    (request, reply) =>
      parts.answerOnce(request, reply, 200, (caller) =>
        change(parts, caller, request.params.project, request.params.key),
      ),
  );
}

function addRotate(app: App, parts: OperationParts): void {
  app.post(
    "/v1/projects/:project/keys/:key/rotate",
    {
      config: { ...ofMembers, fresh: true, problems: ["conflict"] },
      schema: {
        operationId: "rotateKey",
        summary: "Replace a key by a successor with the same rights",
        description: "The answer holds the successor's full key. It is shown here and nowhere else.",
        tags: ["keys"],
        params: KeyPath,
        body: Rotation,
        response: { 201: CreatedKey },
      },
    },
    (request, reply) =>
      parts.answerOnce(request, reply, 201, (caller) =>
        rotateKey(parts, caller, request.params.project, request.params.key, request.body),
      ),
  );
}

function addRevokeMany(app: App, parts: OperationParts): void {
  app.post(
    "/v1/projects/:project/keys/revoke",
    {
      config: { access: "keys:write", problems: ["confirmation_required", "conflict"] },
      schema: {
        operationId: "revokeManyKeys",
        summary: "Revoke all keys of an account, or all made before a time",
        description:
          "Of account and createdBefore at least one must be given; expectedCount confirms the number.",
        tags: ["keys"],
        params: ProjectPath,
        body: RevokeMany,
        response: { 200: RevokedMany },
      },
    },
    (request, reply) =>
      parts.answerOnce(request, reply, 200, (caller) =>
        revokeManyKeys(parts, caller, request.params.project, request.body),
      ),
  );
}
