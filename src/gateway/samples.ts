// Keeps one sample upstream running for each project that asks for it, on a free loopback port that nobody has to know.
import type { Server } from "node:http";
import type { Project } from "../project/compile.ts";
import { drain, listen } from "./listen.ts";
import { createSampleUpstream } from "./sample.ts";

export interface Samples {
  /** The URL of the project's upstream for a region, its sample started if it has one. */
  upstreamOf(project: Project, region?: string): string | Promise<string>;
  /** Names of the projects whose sample runs, with its URL. */
  running(): Promise<readonly { project: string; url: string }[]>;
  close(): Promise<void>;
}

interface Running {
  readonly project: Project;
  readonly server: Server;
  readonly url: Promise<string>;
}

const GRACE_MS = 1_000;

export function createSamples(): Samples {
  const byName = new Map<string, Running>();
  return {
    upstreamOf(project, region) {
      const ofRegion = region === undefined ? undefined : project.regionUpstreams.get(region);
      if (ofRegion !== undefined) return ofRegion;
      if (project.upstream !== "sample") return project.upstream;
      const running = byName.get(project.name);
      if (running?.project === project) return running.url;
      // A project that changed has another object: its sample is replaced, the old one ends when it is idle.
      if (running !== undefined) void drain(running.server, GRACE_MS);
      const started = start(project);
      byName.set(project.name, started);
      return started.url;
    },
    async running() {
      return Promise.all([...byName].map(async ([project, { url }]) => ({ project, url: await url })));
    },
    async close() {
      await Promise.all([...byName.values()].map(({ server }) => drain(server, GRACE_MS)));
    },
  };
}

function start(project: Project): Running {
  const server = createSampleUpstream(project);
  const url = listen(server, 0, "127.0.0.1").then((port) => `http://127.0.0.1:${port}`);
  return { project, server, url };
}
