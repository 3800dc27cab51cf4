// A key in the exact form of a project's keys that nobody was ever given.
import { mintKey } from "../../src/key/mint.ts";
import type { GatewayUnderTest } from "../support/gateway.ts";

export function unknownKey({ instance }: GatewayUnderTest, project: string, environment?: string): string {
  const { formats, environments } = instance.directory.project(project)!;
  return mintKey(formats[0], { environment: environment ?? environments[0]! }).text;
}
