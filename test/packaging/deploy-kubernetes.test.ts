// Promise: the example for Kubernetes is three nodes that nobody special runs, with probes, flags and variables that the program has,
// secrets by reference only, time to drain, and a control plane that is not published.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseAllDocuments } from "yaml";
import { ROOT } from "../support/server-process.ts";
import { drainSeconds, imageCommand, openPaths, read, serveFlags, variables } from "./program-facts.ts";

const FOLDER = "examples/kubernetes";

// biome-ignore lint/suspicious/noExplicitAny: documents.
type Document = any;

const DOCUMENTS: readonly Document[] = readdirSync(join(ROOT, FOLDER))
  .filter((name) => name.endsWith(".yaml"))
  .flatMap((name) => parseAllDocuments(read(`${FOLDER}/${name}`)))
  .map((document) => {
    assert.deepEqual(document.errors, []);
    return document.toJS();
  });

function ofKind(kind: string): Document[] {
  return DOCUMENTS.filter((document) => document.kind === kind);
}

const [DEPLOYMENT] = ofKind("Deployment");
const POD = DEPLOYMENT.spec.template.spec;
const [CONTAINER] = POD.containers;

test("every object is of a kind that is meant, in a version that is served", () => {
  assert.deepEqual(
    DOCUMENTS.map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}`).sort(),
    [
      "apps/v1 Deployment claviger",
      "networking.k8s.io/v1 NetworkPolicy claviger",
      "policy/v1 PodDisruptionBudget claviger",
      "v1 Service claviger-control",
      "v1 Service claviger-gateway",
    ],
  );
});

test("everything selects the pods of the deployment", () => {
  const { labels } = DEPLOYMENT.spec.template.metadata;
  const selectors = [
    DEPLOYMENT.spec.selector.matchLabels,
    ...ofKind("Service").map(({ spec }) => spec.selector),
    ...ofKind("PodDisruptionBudget").map(({ spec }) => spec.selector.matchLabels),
    ...ofKind("NetworkPolicy").map(({ spec }) => spec.podSelector.matchLabels),
    ...POD.topologySpreadConstraints.map((one: Document) => one.labelSelector.matchLabels),
  ];
  for (const selector of selectors) assert.deepEqual(selector, labels);
  assert.equal(DEPLOYMENT.spec.replicas, 3);
  assert.equal(ofKind("PodDisruptionBudget")[0].spec.maxUnavailable, 1);
  assert.deepEqual(
    POD.topologySpreadConstraints.map((one: Document) => one.topologyKey),
    ["topology.kubernetes.io/zone", "kubernetes.io/hostname"],
  );
});

test("flags, variables, ports and paths are those of the program", async () => {
  const flags = await serveFlags();
  const [command, ...words] = CONTAINER.args;
  assert.equal(command, "serve");
  for (const word of words.filter((one: string) => one.startsWith("--"))) assert.ok(flags.has(word), word);
  assert.deepEqual(CONTAINER.args, imageCommand());
  for (const { name } of CONTAINER.env) assert.ok(variables().has(name), name);
  const ports = Object.fromEntries(CONTAINER.ports.map((port: Document) => [port.name, port.containerPort]));
  assert.deepEqual(ports, { control: 4000, gateway: 4001 });
  const probes = [CONTAINER.startupProbe, CONTAINER.livenessProbe, CONTAINER.readinessProbe];
  assert.deepEqual(
    probes.map(({ httpGet }) => httpGet),
    [
      { path: "/healthz", port: "control" },
      { path: "/healthz", port: "control" },
      { path: "/readyz", port: "control" },
    ],
  );
  for (const { httpGet } of probes) assert.ok(openPaths().has(httpGet.path), httpGet.path);
});

test("secrets are references, and a service beside it cannot set a variable", () => {
  const made = [...read(`${FOLDER}/README.md`).matchAll(/--from-literal=([a-z-]+)=/g)].map(([, key]) => key);
  assert.deepEqual(
    CONTAINER.env.map(({ name, value, valueFrom }: Document) => {
      assert.equal(value, undefined, name);
      assert.equal(valueFrom.secretKeyRef.name, "claviger");
      return valueFrom.secretKeyRef.key;
    }),
    made,
  );
  // A service named claviger-gateway would set CLAVIGER_GATEWAY_PORT to tcp://….
  assert.equal(POD.enableServiceLinks, false);
  assert.equal(POD.automountServiceAccountToken, false);
  assert.equal(ofKind("Secret").length, 0);
});

test("it runs as the user of the image, without a right, on files that it cannot change", () => {
  const [, uid, gid] = /^USER (\d+):(\d+)$/m.exec(read("Dockerfile"))!.map(Number);
  const { runAsNonRoot, runAsUser, runAsGroup, fsGroup, seccompProfile } = POD.securityContext;
  assert.deepEqual([runAsNonRoot, runAsUser, runAsGroup, fsGroup], [true, uid, gid, gid]);
  assert.equal(seccompProfile.type, "RuntimeDefault");
  assert.deepEqual(CONTAINER.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  const [mount] = CONTAINER.volumeMounts;
  assert.equal(mount.mountPath, /^VOLUME (\S+)$/m.exec(read("Dockerfile"))![1]);
  assert.ok(CONTAINER.args.some((word: string) => word.startsWith(`${mount.mountPath}/`)));
  assert.deepEqual(
    POD.volumes.map(({ name }: Document) => name),
    [mount.name],
  );
  assert.ok(CONTAINER.resources.requests.cpu && CONTAINER.resources.requests.memory);
  assert.ok(CONTAINER.resources.limits.memory);
});

test("a pod that ends has time to be forgotten and to drain", () => {
  const [program, , script] = CONTAINER.lifecycle.preStop.exec.command;
  assert.equal(program, JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(read("Dockerfile"))![1]!)[0]);
  const waitSeconds = Number(/, ([\d_]+)\)$/.exec(script)![1]!.replaceAll("_", "")) / 1000;
  assert.ok(waitSeconds > 0);
  assert.ok(POD.terminationGracePeriodSeconds > waitSeconds + drainSeconds() + 5);
  const { maxUnavailable, maxSurge } = DEPLOYMENT.spec.strategy.rollingUpdate;
  assert.deepEqual([maxUnavailable, maxSurge], [0, 1]);
});

test("the control plane is inside the cluster only, and for pods with a label", () => {
  for (const { spec, metadata } of ofKind("Service")) {
    assert.equal(spec.type, "ClusterIP");
    const [port, ...more] = spec.ports;
    assert.deepEqual([port.targetPort, more], [metadata.name.replace("claviger-", ""), []]);
  }
  const [policy] = ofKind("NetworkPolicy");
  for (const { from, ports } of policy.spec.ingress)
    for (const { port } of ports)
      assert.deepEqual(
        from,
        port === "gateway" ? undefined : [{ podSelector: { matchLabels: { "claviger-control": "true" } } }],
      );
});
