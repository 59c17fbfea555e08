import { useCallback, useState } from "react";

import { useChange, type Change, type Errors } from "./question";

export interface Saving {
  change: Change;
  /** What the app did not take; nothing was changed then. */
  errors: Errors[];
  /** Saves, and then goes on unless something was not taken. */
  save: (work: () => Promise<{ errors: Errors[] }>, then: () => Promise<void>) => Promise<void>;
}

/** One saving at a time, with what was wrong in it. */
export function useSaving(): Saving {
  const change = useChange();
  const [errors, setErrors] = useState<Errors[]>([]);
  const { run } = change;
  const save = useCallback<Saving["save"]>(
    (work, then) =>
      run(async () => {
        const { errors } = await work();
        setErrors(errors);
        if (errors.length === 0) await then();
      }),
    [run],
  );
  return { change, errors, save };
}
