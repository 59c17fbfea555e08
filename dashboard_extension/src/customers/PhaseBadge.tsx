import type { Phase } from "../generated/dashboard";
import { useWords } from "../words/words";

/** A phase by its full name, with its colour. */
export function PhaseBadge({ phase }: { phase: Phase }) {
  const { say } = useWords();
  return (
    <span className={`badge ${phase.toLowerCase()}`}>
      <i aria-hidden="true" />
      {say(`phase.${phase}`)}
    </span>
  );
}
