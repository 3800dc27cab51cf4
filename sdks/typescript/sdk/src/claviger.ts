// The operator's client: every operation of the control plane as a method. It holds nothing of its own.
import { Operations } from "./operations.ts";

/** With a root key of `CLAVIGER_ROOT_KEY` or of the options, which no representation shows. Calls may run side by side. */
export class Claviger extends Operations {}
