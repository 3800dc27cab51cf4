// Keys: create, list, read, change, delete.
import { Type } from "typebox";
import { createKey } from "../../manage/create-key.ts";
import { deleteKey } from "../../manage/end-key.ts";
import { findKeys } from "../../manage/find-keys.ts";
import { getKeyUses } from "../../manage/key-uses.ts";
import { getKey, listKeys, updateKey } from "../../manage/keys.ts";
import { refuseForMembers } from "../member.ts";
import type { App, OperationParts } from "../operation.ts";
import { callerOf } from "../principal.ts";
import { KeyPath, Nothing, PageQuery, ProjectPath, pageOf, strict } from "../shapes/json.ts";
import { CreatedKey, FoundKeys, Key, KeyChange, KeySearch, KeyUses, NewKey } from "../shapes/keys.ts";

export function addKeys(app: App, parts: OperationParts): void {
  app.post(
    "/v1/projects/:project/keys",
    {
      config: {
        access: "keys:write",
        fresh: true,
        member: { role: "developer", account: "body" },
        problems: ["conflict", "limit_reached"],
      },
      schema: {
        operationId: "createKey",
        summary: "Create a key",
        description: "The answer holds the full key. It is shown here and nowhere else.",
        tags: ["keys"],
        params: ProjectPath,
        body: NewKey,
        response: { 201: CreatedKey },
      },
    },
    (request, reply) => {
      refuseForMembers(request, request.body, ["metadata"]);
      return parts.answerOnce(request, reply, 201, (caller) =>
        createKey(parts, caller, request.params.project, request.body),
      );
    },
  );
  app.get(
    "/v1/projects/:project/keys",
    {
      config: { access: "keys:read", member: { role: "viewer", account: "query" } },
      schema: {
        operationId: "listKeys",
        summary: "List keys, newest first, without their secrets",
        tags: ["keys"],
        params: ProjectPath,
        querystring: Type.Object(
          {
            ...PageQuery,
            account: Type.Optional(
              Type.String({ maxLength: 100, description: "Keys of this account only." }),
            ),
            includeDeleted: Type.Optional(
              Type.Boolean({ description: "Deleted keys too, which are kept as tombstones." }),
            ),
          },
          strict,
        ),
        response: { 200: pageOf(Key) },
      },
    },
    ({ params, query }) => listKeys(parts, params.project, query),
  );
  addSearch(app, parts);
  addOneKey(app, parts);
}

function addSearch(app: App, parts: OperationParts): void {
  app.post(
    "/v1/projects/:project/keys/search",
    {
      config: { access: "keys:read", member: { role: "viewer", account: "body" } },
      schema: {
        operationId: "findKeys",
        summary: "Find keys by what is known of them",
        description:
          "A whole key may be sent: it stands in the body and in no URL, and only its digest is looked for.",
        tags: ["keys"],
        params: ProjectPath,
        body: KeySearch,
        response: { 200: FoundKeys },
      },
    },
    ({ params, body }) => findKeys(parts, params.project, body),
  );
  app.get(
    "/v1/projects/:project/keys/:key/uses",
    {
      config: { access: "keys:read", member: { role: "viewer", account: "key" } },
      schema: {
        operationId: "getKeyUses",
        summary: "What ending a key will break",
        tags: ["keys"],
        params: KeyPath,
        response: { 200: KeyUses },
      },
    },
    async ({ params }) => {
      const uses = await getKeyUses(parts, params.project, params.key);
      return { ...uses, lastAddress: parts.traffic.lastAddress(params.project, params.key) ?? null };
    },
  );
}

function addOneKey(app: App, parts: OperationParts): void {
  app.get(
    "/v1/projects/:project/keys/:key",
    {
      config: { access: "keys:read", member: { role: "viewer", account: "key" } },
      schema: {
        operationId: "getKey",
        summary: "Read a key, without its secret",
        tags: ["keys"],
        params: KeyPath,
        response: { 200: Key },
      },
    },
    ({ params }) => getKey(parts, params.project, params.key),
  );
  app.patch(
    "/v1/projects/:project/keys/:key",
    {
      config: {
        access: "keys:write",
        member: { role: "developer", account: "key" },
        problems: ["conflict"],
      },
      schema: {
        operationId: "updateKey",
        summary: "Change a key",
        tags: ["keys"],
        params: KeyPath,
        body: KeyChange,
        response: { 200: Key },
      },
    },
    (request, reply) => {
      refuseForMembers(request, request.body, ["metadata"]);
      return parts.answerOnce(request, reply, 200, (caller) =>
        updateKey(parts, caller, request.params.project, request.params.key, request.body),
      );
    },
  );
  app.delete(
    "/v1/projects/:project/keys/:key",
    {
      config: {
        access: "keys:write",
        member: { role: "developer", account: "key" },
        problems: ["conflict"],
      },
      schema: {
        operationId: "deleteKey",
        summary: "Delete a key",
        description: "Revokes it, takes it off the lists, and keeps a tombstone for the audit.",
        tags: ["keys"],
        params: KeyPath,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      await deleteKey(parts, callerOf(request), request.params.project, request.params.key);
      return reply.code(204).send(null);
    },
  );
}
