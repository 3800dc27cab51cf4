// The built-in project: root keys are its keys, so that the control plane is guarded by the engine that it controls. Served
// under no host.
import { compileProject, type Project } from "./compile.ts";
import type { ProjectFile } from "./schema.ts";

export const BUILTIN_NAME = "claviger";

const FILE: ProjectFile = {
  name: BUILTIN_NAME,
  title: "Claviger",
  environments: ["production"],
  keys: { format: "claviger_root_{secret:40}" },
  scopes: {
    "projects:read": "Read projects",
    "projects:write": "Apply project files",
    "accounts:read": "Read accounts",
    "accounts:write": "Create, change and suspend accounts, grant them credits",
    "keys:read": "Read keys, never their secrets",
    "keys:write": "Create, change, rotate, revoke and delete keys",
    "keys:verify": "Ask for verdicts and introspect keys",
    "audit:read": "Read the audit log",
    "people:read": "Read operators and members of accounts",
    "people:write": "Invite, change and remove operators and members of accounts",
    "*": { description: "Everything, later additions included", standsForAll: "future" },
  },
};

export const BUILTIN_PROJECT: Project = { ...compileProject(FILE), hosts: [] };
