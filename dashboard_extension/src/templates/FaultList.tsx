import { useWords } from "../words/words";
import type { Fault, Looked } from "./check";
import { RefusalLine } from "../frame/states";

/** What is wrong with the words as they stand, errors first; each leads to its line. */
export function FaultList({ looked, jump }: { looked: Looked; jump: (fault: Fault) => void }) {
  const { say, number } = useWords();
  const { faults, errors, isCurrent, refusal } = looked;
  const wrong = faults.filter(({ isError }) => isError);
  const warned = faults.filter(({ isError }) => !isError);
  const sum = say("faults.sum", {
    errors: wrong.length,
    errorCount: number(wrong.length),
    warnings: warned.length,
    warningCount: number(warned.length),
  });
  return (
    <section className="faults" aria-label={say("faults.title")}>
      <p role="status" className={wrong.length > 0 || errors.length > 0 ? "bad" : "soft"}>
        {isCurrent ? (errors.length > 0 ? say("faults.beside") : sum) : say("faults.looking")}
      </p>
      {errors.map(({ message }) => (
        <p key={message} className="bad">
          {message}
        </p>
      ))}
      <ul>
        {[...wrong, ...warned].map((fault, index) => (
          <li key={index}>
            <button type="button" className="link" onClick={() => jump(fault)}>
              {fault.line === null
                ? say(`faults.part.${partOf(fault)}`)
                : say("faults.line", { part: say(`faults.part.${partOf(fault)}`), line: fault.line })}
            </button>{" "}
            <span className={fault.isError ? "bad" : ""}>
              {say(fault.isError ? "faults.error" : "faults.warning")} {fault.message}
            </span>
          </li>
        ))}
      </ul>
      <RefusalLine refusal={refusal} />
      {refusal && (
        <button type="button" className="link" onClick={looked.again}>
          {say("state.again")}
        </button>
      )}
    </section>
  );
}

function partOf({ part }: Fault): "subject" | "html" | "text" {
  return part === "subject" || part === "text" ? part : "html";
}
