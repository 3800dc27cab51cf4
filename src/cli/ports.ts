// Which ports an instance listens on: those that are named, and the others in step with them.
import type { Server } from "node:http";
import { listen } from "../gateway/listen.ts";
import { CommandFailure, systemWords } from "./failure.ts";
import { EXIT } from "./terminal.ts";

export const DEFAULT_CONTROL_PORT = 4000;
const LAST_PORT = 65_535;

export interface PortPlan {
  readonly control: number;
  readonly gateway: number;
  readonly portal: number;
  /** The n-th project host, counted from 0, listens on this plus n. */
  readonly firstHost: number;
  readonly named: { readonly control: boolean; readonly gateway: boolean; readonly portal: boolean };
}

/** 0 means any free port, and then for all that follow it too. */
export function planPorts(
  control: number | undefined,
  gateway: number | undefined,
  portal?: number | undefined,
): PortPlan {
  const chosenControl = control ?? (gateway ? gateway - 1 : DEFAULT_CONTROL_PORT);
  const chosenGateway = gateway ?? following(chosenControl, 1);
  return {
    control: chosenControl,
    gateway: chosenGateway,
    portal: portal ?? following(chosenGateway, 1),
    firstHost: following(chosenGateway, 10),
    named: { control: control !== undefined, gateway: gateway !== undefined, portal: portal !== undefined },
  };
}

/** Any free port where there is no such number. */
export function following(port: number, distance: number): number {
  return port === 0 || port + distance > LAST_PORT ? 0 : port + distance;
}

export interface TakenPort {
  readonly port: number;
  /** The port that was wanted and in use by someone else. */
  readonly insteadOf?: number;
}

/** A port that was named is taken or the start fails; one that was not gives way to a free one. Throws CommandFailure. */
export async function takePort(
  server: Server,
  port: number,
  host: string,
  named: boolean,
): Promise<TakenPort> {
  try {
    return { port: await listen(server, port, host) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") {
      const place = `port ${port} of ${host}`;
      throw new CommandFailure(`${place} cannot be listened on: ${systemWords(error)}`, EXIT.failed);
    }
    if (named)
      throw new CommandFailure(`port ${port} is in use; name another one or stop what uses it`, EXIT.failed);
    return { port: await listen(server, 0, host), insteadOf: port };
  }
}
