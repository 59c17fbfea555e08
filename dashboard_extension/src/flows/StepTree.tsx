import type { FlowDetailQuery } from "../generated/dashboard";
import { useWords, type Words } from "../words/words";
import { long, stepWords } from "./said";
import { record, stepsOf, type Step, type Way } from "./steps";

type Flow = NonNullable<FlowDetailQuery["flow"]>;

interface Known {
  words: Words;
  rules: Map<string, string>;
  /** People by step, of whatever version. */
  people: Map<string, number>;
}

/** The published steps as they follow one another, with who stands where. */
export function StepTree({ flow }: { flow: Flow }) {
  const words = useWords();
  const { say, number } = words;
  if (flow.document === null) return <p className="soft">{say("flows.steps.none")}</p>;
  const people = new Map<string, number>();
  for (const { step, people: count } of flow.standing) people.set(step, (people.get(step) ?? 0) + count);
  const known: Known = { words, people, rules: new Map(flow.rules.map((one) => [one.path, one.words])) };
  const steps = stepsOf(flow.document);
  const entry = record(record(flow.document).entry);
  const filter = known.rules.get("entry.where");
  const exits = flow.rules.filter(({ path }) => path.startsWith("exits["));
  const elsewhere = flow.standing.filter(({ version, step }) => step && version !== flow.version);
  const older = elsewhere.reduce((sum, { people: count }) => sum + count, 0);
  return (
    <figure className="tree" aria-label={say("flows.steps")}>
      <div className="step" data-kind="start">
        <span>
          <strong>{say("flows.start")}</strong> {words.name("flows.trigger", flow.trigger ?? "")}
          {filter && <span className="soft note">{say("flows.only", { rule: filter })}</span>}
          {entry.per === "customer" && (
            <span className="soft note">
              {entry.again_after ? say("flows.again", { duration: long(entry.again_after, words) }) : say("flows.once")}
            </span>
          )}
        </span>
      </div>
      <Steps steps={steps} known={known} />
      <div className="step" data-kind="end">
        <span>
          {say("flows.end")}
          {exits.map(({ path, words: rule }) => (
            <span key={path} className="soft note">
              {say("flows.exit", { rule })}
            </span>
          ))}
        </span>
        <People count={people.get("")} words={words} />
      </div>
      {older > 0 && <p className="soft note">{say("flows.older", { n: older, count: number(older) })}</p>}
    </figure>
  );
}

function Steps({ steps, known }: { steps: readonly Step[]; known: Known }) {
  return (
    <ol>
      {steps.map((step) => (
        <li key={step.key} data-step={step.key}>
          <div className="step" data-kind={step.kind}>
            <span>
              {stepWords(step, known.words)}
              <span className="soft note">{step.key}</span>
            </span>
            <People count={known.people.get(step.key)} words={known.words} />
          </div>
          {step.ways.length > 0 && (
            <ul className="ways">
              {step.ways.map((way, index) => (
                <li key={index} className="way">
                  <p className="way-head">{wayWords(way, step, known)}</p>
                  {way.steps.length > 0 ? (
                    <Steps steps={way.steps} known={known} />
                  ) : (
                    <p className="soft note">{known.words.say("flows.way.on")}</p>
                  )}
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ol>
  );
}

function wayWords({ kind, rule, share }: Way, step: Step, { words, rules }: Known): string {
  switch (kind) {
    case "when":
    case "then":
      return words.say(`flows.way.${kind}`, { rule: rules.get(rule) ?? "…" });
    case "share":
      return words.share(share);
    case "otherwise":
      return step.kind === "wait_for" ? words.say("flows.way.late") : words.say("flows.way.otherwise");
  }
}

function People({ count, words }: { count: number | undefined; words: Words }) {
  if (!count) return null;
  return <strong className="people">{words.say("flows.people", { n: count, count: words.number(count) })}</strong>;
}
