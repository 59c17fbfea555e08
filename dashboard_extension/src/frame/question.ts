import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";

import type { ErrorCode, TypedDocumentString } from "../generated/dashboard";

import { currentFrame, subscribe, type Frame } from "./bridge";
import { Refused, request } from "./request";

export interface Question<Data> {
  answer: Data | null;
  refusal: Refused | null;
  /** Asks again; what is on the screen stays until the new answer is there. */
  again: () => Promise<void>;
}

/** What the Dashboard has told; the component renders again when it tells more. */
export function useFrame(): Frame {
  return useSyncExternalStore(subscribe, currentFrame);
}

/** The answer to a query, asked when the component appears and again on request. */
export function useQuestion<Data, Variables extends object>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Question<Data> {
  const [answer, setAnswer] = useState<Data | null>(null);
  const [refusal, setRefusal] = useState<Refused | null>(null);
  const latest = useRef(0);
  const key = JSON.stringify(variables);
  const again = useCallback(async () => {
    const mine = ++latest.current;
    try {
      const found = await request(document, JSON.parse(key) as Variables);
      if (mine !== latest.current) return;
      setAnswer(found);
      setRefusal(null);
    } catch (error) {
      if (mine === latest.current) setRefusal(asRefusal(error));
    }
  }, [document, key]);
  useEffect(() => {
    const asked = latest;
    // eslint-disable-next-line react-hooks/set-state-in-effect -- it is set when the answer is there, not here
    void again();
    return () => {
      asked.current++;
    };
  }, [again]);
  useLateToken(refusal, again);
  return { answer, refusal, again };
}

// The Dashboard may refresh the token after all, or a person with other rights may have signed in.
function useLateToken(refusal: Refused | null, again: () => Promise<void>): void {
  const { token } = useFrame();
  const before = useRef(token);
  useEffect(() => {
    const isNew = token !== before.current;
    before.current = token;
    if (isNew && (refusal?.why === "expired" || refusal?.why === "forbidden")) void again();
  }, [token, refusal, again]);
}

export interface Errors {
  field: string | null;
  message: string;
  code: ErrorCode;
}

export interface Change {
  isRunning: boolean;
  refusal: Refused | null;
  /** Runs `work` unless another run is under way, which makes a double click one change. */
  run: (work: () => Promise<void>) => Promise<void>;
}

/** One change at a time, and why it was refused. */
export function useChange(): Change {
  const [isRunning, setRunning] = useState(false);
  const [refusal, setRefusal] = useState<Refused | null>(null);
  const busy = useRef(false);
  const run = useCallback(async (work: () => Promise<void>) => {
    if (busy.current) return;
    busy.current = true;
    setRunning(true);
    try {
      await work();
      setRefusal(null);
    } catch (error) {
      setRefusal(asRefusal(error));
    } finally {
      busy.current = false;
      setRunning(false);
    }
  }, []);
  return { isRunning, refusal, run };
}

function asRefusal(error: unknown): Refused {
  return error instanceof Refused ? error : new Refused("broken");
}
