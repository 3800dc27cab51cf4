// A store that several nodes share, made of a store and the registry of its nodes: every commit is told here and waited for
// everywhere, and what others commit is told to the same listeners.
import { BUILTIN_PROJECT } from "../project/builtin.ts";
import { type ChangeListener, type Store, StoreUnavailable } from "./contract.ts";
import { createFollower, type Follower, type FollowerOptions } from "./follower.ts";
import { tellAll } from "./listeners.ts";
import type { Change } from "./records.ts";

/** Begins to follow before it resolves. Rejects with StoreUnavailable. */
export async function shareStore(
  store: Store,
  options: Omit<FollowerOptions, "tell" | "projects">,
): Promise<Store> {
  const listeners: ChangeListener[] = [];
  const tell = (changes: readonly Change[]): Promise<void> => tellAll(listeners, changes);
  const projects = async () => [BUILTIN_PROJECT.name, ...(await store.projects()).map(({ name }) => name)];
  const follower: Follower = createFollower({ ...options, tell, projects });
  await follower.start();
  return {
    ...store,
    cluster: follower,
    onChanges(listener) {
      listeners.push(listener);
      store.onChanges(listener);
    },
    /** Durable, told here, and applied by every live node when it resolves. */
    async commit(batch) {
      if (follower.distrusts() !== undefined) throw new StoreUnavailable(follower.problem() ?? "");
      const changes = await store.commit(batch);
      const last = changes.at(-1);
      if (last === undefined) return changes;
      await follower.settled(last.seq);
      return changes;
    },
    async close() {
      await follower.stop();
      await store.close();
    },
  };
}
