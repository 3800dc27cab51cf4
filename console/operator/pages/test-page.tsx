// Tries a request out: every step of the verdict and why, and nothing is spent. A pasted key is held in this form and sent in a body.
import { Button, NativeSelect, PasswordInput, SegmentedControl, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useKeys } from "../../shared/api/keys.ts";
import { projectPath, useScene } from "../../shared/api/scene.tsx";
import { outcomeAdvice, outcomeWord } from "../../shared/keys/outcomes.ts";
import { Icon } from "../../shared/look/icons.tsx";
import { ProblemNotice } from "../../shared/pieces/notice.tsx";
import { Card, Empty, PageHead } from "../../shared/pieces/page.tsx";
import { SnippetView } from "../../shared/pieces/snippet.tsx";
import { useAction } from "../../shared/pieces/use-action.ts";
import { useProjects } from "../projects.ts";

interface Step {
  readonly step: string;
  readonly outcome: string;
  readonly words: string;
}

interface Tested {
  readonly allowed: boolean;
  readonly code: string;
  readonly route: string | null;
  /** What the client would be told, where it is refused. */
  readonly answer: { readonly status: number; readonly body: string } | null;
  readonly steps: readonly Step[];
}

interface Draft {
  readonly by: "id" | "key";
  readonly keyId: string;
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly clientAddress: string;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

export function TestPage() {
  const scene = useScene();
  const [draft, setDraft] = useState<Draft>({
    by: "id",
    keyId: "",
    key: "",
    method: "GET",
    path: "/",
    host: "",
    clientAddress: "",
  });
  const [tested, setTested] = useState<Tested | undefined>(undefined);
  const action = useAction((body: object) =>
    scene.client.request<Tested>("POST", projectPath(scene, "test-request"), { body }),
  );
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTested(await action.run(bodyOf(draft)));
  };
  return (
    <div className="column">
      <PageHead title="Test a request">
        Asks the engine what it would decide, step by step. Nothing is sent, counted or spent.
      </PageHead>
      <div className="grid-2">
        <Card title="Request">
          <form onSubmit={submit} className="stack">
            <Fields draft={draft} change={(part) => setDraft((before) => ({ ...before, ...part }))} />
            <ProblemNotice error={action.error} />
            <Button type="submit" loading={action.isRunning}>
              Test
            </Button>
          </form>
        </Card>
        <Card title="Verdict" isBare>
          <div aria-live="polite">
            {tested === undefined ? (
              <Empty icon="flask" title="Nothing tested yet">
                Choose a key and a path. You see which check answers, and what would have to change.
              </Empty>
            ) : (
              <Steps of={tested} />
            )}
          </div>
        </Card>
      </div>
    </div>
  );
}

function bodyOf({ by, keyId, key, method, path, host, clientAddress }: Draft): object {
  return {
    ...(by === "id" && keyId !== "" && { keyId }),
    ...(by === "key" && key !== "" && { key: key.trim() }),
    method,
    path,
    ...(host !== "" && { host }),
    ...(clientAddress.trim() !== "" && { clientAddress: clientAddress.trim() }),
  };
}

interface FieldsProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
}

function Fields({ draft, change }: FieldsProps) {
  const { portal } = useScene();
  const hosts = useProjects().data?.find(({ name }) => name === portal.project)?.endpoints ?? [];
  return (
    <>
      <KeyField draft={draft} change={change} />
      <div className="form-row form-row-short">
        <NativeSelect
          label="Method"
          data={METHODS}
          value={draft.method}
          onChange={({ currentTarget }) => change({ method: currentTarget.value })}
        />
        <TextInput
          label="Path"
          required
          value={draft.path}
          onChange={({ currentTarget }) => change({ path: currentTarget.value })}
        />
      </div>
      <NativeSelect
        label="Host"
        data={[{ value: "", label: "The project's first" }, ...hosts.map(({ host }) => host)]}
        value={draft.host}
        onChange={({ currentTarget }) => change({ host: currentTarget.value })}
      />
      <TextInput
        label="Client address"
        description="Where the request would come from. Without it a key with an allowlist is refused."
        placeholder="203.0.113.7"
        value={draft.clientAddress}
        onChange={({ currentTarget }) => change({ clientAddress: currentTarget.value })}
      />
    </>
  );
}

function KeyField({ draft, change }: FieldsProps) {
  const keys = useKeys("").data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div className="stack stack-small">
      <SegmentedControl
        aria-label="How the key is given"
        fullWidth
        data={[
          { value: "id", label: "Choose a key" },
          { value: "key", label: "Paste a key" },
        ]}
        value={draft.by}
        onChange={(by) => change({ by: by === "key" ? "key" : "id", key: "" })}
      />
      {draft.by === "id" ? (
        <NativeSelect
          label="Key"
          data={[
            { value: "", label: "None: a request without a key" },
            ...keys.map(({ id, name, lastFour }) => ({ value: id, label: `${name} (…${lastFour})` })),
          ]}
          value={draft.keyId}
          onChange={({ currentTarget }) => change({ keyId: currentTarget.value })}
        />
      ) : (
        <PasswordInput
          label="Key"
          autoComplete="off"
          value={draft.key}
          onChange={({ currentTarget }) => change({ key: currentTarget.value })}
        />
      )}
    </div>
  );
}

const KINDS: Readonly<Record<string, "good" | "bad" | "skipped">> = {
  passed: "good",
  failed: "bad",
};

function Steps({ of: { allowed, code, route, answer, steps } }: { readonly of: Tested }) {
  return (
    <>
      <div className="card-head">
        <span className={`badge ${allowed ? "badge-good" : "badge-bad"}`}>{outcomeWord(code)}</span>
        <span className="muted small">{outcomeAdvice(code)}</span>
        {route !== null && <code className="chip">{route}</code>}
      </div>
      <ol className="steps">
        {steps.map(({ step, outcome, words }) => {
          const kind = KINDS[outcome] ?? "skipped";
          return (
            <li className={`step step-${kind}`} key={step}>
              <span className="step-mark">
                <Icon name={kind === "good" ? "check" : kind === "bad" ? "close" : "more"} size={13} />
              </span>
              <span>
                <strong>{step}</strong> <span className="hidden">{outcome}:</span>{" "}
                <span className="muted small">{words}</span>
              </span>
            </li>
          );
        })}
      </ol>
      {answer !== null && (
        <div className="card-body">
          <SnippetView
            title={`What the client is told: ${answer.status}`}
            what="refusal"
            code={answer.body}
          />
        </div>
      )}
    </>
  );
}
