import { CircleAlert, CircleCheck, CircleHelp, TriangleAlert } from "lucide-react";

import { useWords } from "../words/words";
import type { Deliverability } from "./rates";

type Level = Deliverability["domains"][number]["findings"][number]["level"];

const SIGNS = { OK: CircleCheck, WARNING: TriangleAlert, ERROR: CircleAlert, UNKNOWN: CircleHelp };

/** How grave something is, as a sign with its word for who does not see it. */
export function LevelSign({ level }: { level: Level }) {
  const { say } = useWords();
  const Sign = SIGNS[level];
  return (
    <span className="sign" data-level={level}>
      <Sign size={18} aria-hidden="true" />
      <span className="unseen">{say(`level.${level}`)}</span>
    </span>
  );
}
