import { useState } from "react";

import { useChange, type Change } from "./question";

/** Rows that are asked for at once. */
export const PAGE = 10;

export interface More<Row> {
  rows: Row[];
  /** Asks for the next page; null when the last row is there. */
  next: (() => Promise<void>) | null;
  change: Change;
}

/** The first page with those that were asked for after it; `older` answers the page after a cursor. Nothing follows "". */
export function useMore<Row extends { cursor: string }>(
  first: readonly Row[],
  older: (after: string) => Promise<readonly Row[]>,
  page = PAGE,
): More<Row> {
  const [pages, setPages] = useState<{ after: string; rows: readonly Row[] }[]>([]);
  const change = useChange();
  // The first page may have been asked again: what follows another last row is no longer its continuation.
  const start = first.at(-1)?.cursor;
  const following = pages[0]?.after === start ? pages : [];
  const rows = [...first, ...following.flatMap((one) => one.rows)];
  const last = following.at(-1)?.rows ?? first;
  const after = rows.at(-1)?.cursor;
  const next = async () => {
    if (after === undefined) return;
    const found = await older(after);
    setPages([...following, { after, rows: found }]);
  };
  return { rows, next: last.length < page || !after ? null : () => change.run(next), change };
}
