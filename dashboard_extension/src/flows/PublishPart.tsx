import { useState } from "react";

import { Ask } from "../frame/Ask";
import { notify } from "../frame/bridge";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Loading, RefusalLine, Trouble } from "../frame/states";
import { FlowMovesDocument, FlowPublishDocument, type FlowChoiceInput, type FlowPeople } from "../generated/dashboard";
import { useWords } from "../words/words";
import type { Flow } from "./DraftCard";
import { keysOf, stepsOf } from "./steps";

const CHOICES: readonly FlowPeople[] = ["STAY", "MOVE", "EXIT"];
/** In a list of steps: they leave. No step's key has a space. */
const OUT = " out";

interface Props {
  flow: Flow;
  draftAt: string;
  again: () => Promise<void>;
}

/** Publishes the draft, and asks what becomes of those inside. */
export function PublishPart({ flow, draftAt, again }: Props) {
  const { say, number } = useWords();
  const saving = useSaving();
  const [people, setPeople] = useState<FlowPeople>("STAY");
  const [moved, setMoved] = useState<Record<string, string>>({});
  const steps = keysOf(stepsOf(flow.draft));
  const inside = flow.standing.reduce((sum, one) => sum + one.people, 0);
  const places = flow.standing.map(({ version, step, people: count }) => {
    const id = `${version} ${step}`;
    return { id, version, step, count, to: moved[id] ?? (step === "" || steps.includes(step) ? step : OUT) };
  });
  const choices = places.map(({ version, step, to }): FlowChoiceInput => ({ version, step, to: to === OUT ? null : to }));
  const publish = () =>
    saving.save(
      async () =>
        (
          await request(FlowPublishDocument, {
            key: flow.key,
            draftAt,
            people,
            choices: people === "MOVE" ? choices : [],
          })
        ).flowPublish,
      async () => {
        notify(say("flows.published"));
        await again();
      },
    );
  return (
    <section className="part publish" aria-label={say("flows.publish")}>
      <h3>{say("flows.publish")}</h3>
      {inside === 0 ? (
        <p className="soft">{say("flows.publish.nobody")}</p>
      ) : (
        <fieldset className="radios">
          <legend>{say("flows.publish.inside", { n: inside, count: number(inside) })}</legend>
          {CHOICES.map((one) => (
            <label key={one} className="check plain">
              <input type="radio" name="people" checked={people === one} onChange={() => setPeople(one)} />
              <span>{say(`flows.people.${one}`)}</span>
            </label>
          ))}
        </fieldset>
      )}
      {people === "MOVE" && inside > 0 && (
        <>
          <div className="scroll">
            <table className="moves">
              <thead>
                <tr>
                  <th>{say("flows.move.from")}</th>
                  <th className="figure">{say("flows.move.people")}</th>
                  <th>{say("flows.move.to")}</th>
                </tr>
              </thead>
              <tbody>
                {places.map(({ id, version, step, count, to }) => (
                  <tr key={id} data-place={id}>
                    <td>
                      {step || say("flows.end")}
                      <span className="soft note">{say("flows.version", { version: number(version) })}</span>
                    </td>
                    <td className="figure">{number(count)}</td>
                    <td>
                      <select
                        aria-label={say("flows.move.choose", { step: step || say("flows.end") })}
                        value={to}
                        onChange={({ target }) => setMoved({ ...moved, [id]: target.value })}
                      >
                        {steps.map((key) => (
                          <option key={key} value={key}>
                            {key}
                          </option>
                        ))}
                        <option value="">{say("flows.end")}</option>
                        <option value={OUT}>{say("flows.move.out")}</option>
                      </select>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Planned flowKey={flow.key} choices={choices} />
        </>
      )}
      <Ask
        label={say("flows.publish.button")}
        question={say(inside === 0 ? "flows.publish.ask.nobody" : `flows.publish.ask.${people}`, {
          n: inside,
          count: number(inside),
        })}
        yes={say("flows.publish.yes")}
        change={saving.change}
        isGrave={people === "EXIT" && inside > 0}
        onYes={publish}
      />
      <Trouble saving={saving} />
    </section>
  );
}

/** How many would move and how many leave, as the app counts them now. */
function Planned({ flowKey, choices }: { flowKey: string; choices: FlowChoiceInput[] }) {
  const { say, number } = useWords();
  const { answer, refusal } = useQuestion(FlowMovesDocument, { key: flowKey, choices });
  if (answer === null) return refusal ? <RefusalLine refusal={refusal} /> : <Loading lines={1} />;
  const { moves, errors } = answer.flowMovePlan;
  const count = (isOut: boolean) =>
    moves.filter(({ to }) => (to === null) === isOut).reduce((sum, { people }) => sum + people, 0);
  return errors.length > 0 ? (
    <p className="bad" role="alert">
      {errors.map(({ message }) => message).join(" ")}
    </p>
  ) : (
    <p role="status">{say("flows.move.plan", { moved: number(count(false)), out: number(count(true)) })}</p>
  );
}
