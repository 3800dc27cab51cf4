// Root keys: the keys of the control plane itself, by the same operations and the same dialogs as all others.
import { useQuery } from "@tanstack/react-query";
import type { Portal } from "../../shared/api/portal.ts";
import { type Scene, SceneProvider } from "../../shared/api/scene.tsx";
import type { Account, Page } from "../../shared/api/shapes.ts";
import { KeyDialogsProvider } from "../../shared/keys/key-dialogs.tsx";
import { KeyPage } from "../../shared/keys/key-page.tsx";
import { KeysPage } from "../../shared/keys/keys-page.tsx";
import { ProblemNotice } from "../../shared/pieces/notice.tsx";
import { Rows } from "../../shared/pieces/rows.tsx";
import { usePlace } from "../../shared/router/location.ts";
import { useOperator, useRefusal } from "../operator.ts";
import { ROOT_PROJECT } from "../projects.ts";

const MEANINGS: Readonly<Record<string, string>> = {
  "projects:read": "Read projects, their files and pages",
  "projects:write": "Apply project files",
  "accounts:read": "Read accounts, usage and requests",
  "accounts:write": "Make, change, suspend and erase accounts; credits; portal sessions",
  "keys:read": "Read keys, never their text",
  "keys:write": "Make, change, rotate and revoke keys",
  "keys:verify": "Ask for verdicts, settle holds",
  "audit:read": "Read and export audit logs",
  "people:read": "See operators and members of accounts",
  "people:write": "Invite, change and remove operators and members; make reset links",
  "*": "Everything, later additions included",
};

/** Only scopes that the operator holds: nobody hands on more than they have. */
function rootPortal(scopes: readonly string[]): Portal {
  return {
    project: ROOT_PROJECT,
    title: "Claviger",
    labels: {
      menu: ["Root keys"],
      keys: "Root keys",
      key: "root key",
      createKey: "Create root key",
      rotateKey: "Rotate",
      revokeKey: "Revoke",
      account: "account",
      usage: "Usage",
    },
    accent: "#2d5bd7",
    logo: null,
    signUp: "invited",
    mail: false,
    environments: ["production"],
    scopes: scopes.map((name) => ({
      name,
      description: MEANINGS[name] ?? "",
      group: name.split(":")[0] ?? "",
      implies: [],
      standsForAll: name === "*",
    })),
    defaultScopes: [],
    tiers: [],
    keys: { looksLike: "", maxPerAccount: null, defaultExpiryDays: 90, maxExpiryDays: null },
    client: { environmentVariable: "CLAVIGER_ROOT_KEY", baseUrl: null, snippets: snippet() },
  };
}

const snippet = () => [
  {
    title: "curl",
    language: "sh",
    code: `curl '${window.location.origin}/v1/projects' \\\n  -H "Authorization: Bearer $CLAVIGER_ROOT_KEY"`,
  },
];

export function RootKeysPage() {
  const { client, session } = useOperator();
  const { segments } = usePlace();
  const refusal = useRefusal("keys:write");
  const account = useQuery({
    queryKey: ["root-account"],
    queryFn: async ({ signal }) => {
      const path = `/v1/projects/${ROOT_PROJECT}/accounts`;
      return (await client.request<Page<Account>>("GET", path, { query: { limit: 1 }, signal })).items[0];
    },
  });
  if (account.data === undefined)
    return (
      <div className="column">{account.isError ? <ProblemNotice error={account.error} /> : <Rows />}</div>
    );
  const scene: Scene = {
    client,
    portal: rootPortal(session.scopes),
    account: account.data.id,
    refusal,
    hasSession: true,
    keysPath: "/root-keys",
  };
  const id = segments[1];
  return (
    <SceneProvider value={scene}>
      <KeyDialogsProvider>
        {id === undefined ? (
          <KeysPage
            title="Root keys"
            lead="For programs that use this control plane: your back end, the command line, CI. Give each the fewest scopes that it needs."
          />
        ) : (
          <KeyPage id={id} key={id} />
        )}
      </KeyDialogsProvider>
    </SceneProvider>
  );
}
