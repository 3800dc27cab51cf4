// Short ways to ask what a body costs, for the tests of costs.
import { type BodyFacts, type Measured, measureBody } from "../../src/policy/cost.ts";

const JSON_BODY: BodyFacts = { contentType: "application/json", contentEncoding: undefined };

function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === "string" ? Buffer.from(body) : body;
}

export function measureCharacters(body: string | Uint8Array, field = "text", facts: Partial<BodyFacts> = {}) {
  const cost = { kind: "characters", field: field.split(".") } as const;
  return measureBody(cost, bytesOf(body), { ...JSON_BODY, ...facts });
}

export function measureValue(body: string | Uint8Array, minimum = 0, field = "duration"): Measured {
  return measureBody({ kind: "value", field: field.split("."), minimum }, bytesOf(body), JSON_BODY);
}

export function measureBytes(body: string | Uint8Array, facts: Partial<BodyFacts> = {}): Measured {
  return measureBody({ kind: "bytes" }, bytesOf(body), { ...JSON_BODY, ...facts });
}

/** Units, or the hint of the refusal. */
export function unitsOf(measured: Measured): number | string {
  return measured.ok ? measured.units : measured.hint;
}
