// Runs one change at a time and keeps what went wrong. What it answers is handed on and kept nowhere: it may be a secret.
import { useCallback, useRef, useState } from "react";

export interface Action<Input, Output> {
  /** Resolves with nothing when it failed; the reason is in `error`. */
  readonly run: (input: Input) => Promise<Output | undefined>;
  readonly isRunning: boolean;
  readonly error: unknown;
  readonly reset: () => void;
}

export function useAction<Input, Output>(work: (input: Input) => Promise<Output>): Action<Input, Output> {
  const [state, setState] = useState<{ isRunning: boolean; error: unknown }>({
    isRunning: false,
    error: undefined,
  });
  const latest = useRef(work);
  latest.current = work;
  const running = useRef(false);
  const run = useCallback(async (input: Input) => {
    if (running.current) return undefined;
    running.current = true;
    setState({ isRunning: true, error: undefined });
    try {
      const output = await latest.current(input);
      setState({ isRunning: false, error: undefined });
      return output;
    } catch (error) {
      setState({ isRunning: false, error });
      return undefined;
    } finally {
      running.current = false;
    }
  }, []);
  const reset = useCallback(() => setState({ isRunning: false, error: undefined }), []);
  return { run, ...state, reset };
}
