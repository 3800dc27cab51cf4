// What the key pages stand on: which client, project and account, and what the person may do there.
import { createContext, useContext } from "react";
import type { Client } from "./client.ts";
import type { Portal } from "./portal.ts";

export interface Scene {
  readonly client: Client;
  readonly portal: Portal;
  /** The account whose keys are shown; in the operator console it may be absent: all of the project's. */
  readonly account: string | undefined;
  /** Whether keys may be changed; the reason when not. */
  readonly refusal: string | undefined;
  /** Whether somebody signed in; false where the operator vouches for the person by a token. */
  readonly hasSession: boolean;
  /** The path under the app's base at which the keys stand. */
  readonly keysPath: string;
  /** Where recent requests stand, if they have a page. */
  readonly requestsPath?: string;
  /** Where accounts stand, for lists of keys of many. */
  readonly accountsPath?: string;
}

const SceneContext = createContext<Scene | undefined>(undefined);

export const SceneProvider = SceneContext.Provider;

export function useScene(): Scene {
  const scene = useContext(SceneContext);
  if (scene === undefined) throw new Error("the page stands in no scene");
  return scene;
}

/** The path of an operation of the scene's project. */
export function projectPath(scene: Scene, rest: string): string {
  return `/v1/projects/${encodeURIComponent(scene.portal.project)}/${rest}`;
}
