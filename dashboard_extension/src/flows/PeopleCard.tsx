import { useState } from "react";

import { lead } from "../frame/bridge";
import { Card } from "../frame/Card";
import { useMore } from "../frame/more";
import { MoreButton } from "../frame/MoreButton";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { Loading, RefusalPage } from "../frame/states";
import {
  FlowInsideDocument,
  type EnrollmentState,
  type FlowInsideQuery,
  type PersonFieldsFragment,
} from "../generated/dashboard";
import { useWords } from "../words/words";
import type { Flow } from "./DraftCard";
import { stepWords } from "./said";
import { eachStep, stepsOf, type Step } from "./steps";

const STATES: readonly EnrollmentState[] = ["WAITING", "FINISHED", "EXITED", "FAILED"];
/** Of this flow, or of all. */
const HELD_OUT = new Set(["holdout", "everywhere"]);
const PAGE = 20;

type People = NonNullable<FlowInsideQuery["flow"]>["people"];

/** Who is in the flow, or was, by what became of them. */
export function PeopleCard({ flow }: { flow: Flow }) {
  const { say } = useWords();
  const [state, setState] = useState<EnrollmentState>("WAITING");
  return (
    <Card title={say("people.title")} className="inside">
      <div className="choices" role="group" aria-label={say("people.state")}>
        {STATES.map((one) => (
          <button key={one} type="button" aria-pressed={one === state} onClick={() => setState(one)}>
            {say(`decisions.state.${one}`)}
          </button>
        ))}
      </div>
      <Asked key={state} flow={flow} state={state} />
    </Card>
  );
}

interface Props {
  flow: Flow;
  state: EnrollmentState;
}

function Asked({ flow, state }: Props) {
  const { say } = useWords();
  const { answer, refusal, again } = useQuestion(FlowInsideDocument, { key: flow.key, state });
  const people = answer?.flow?.people;
  if (answer === null) return refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={4} />;
  if (!people?.people.length) return <p className="soft">{say(`people.none.${state}`)}</p>;
  return <Pages flow={flow} state={state} first={people} />;
}

function Pages({ flow, state, first }: Props & { first: People }) {
  const { say } = useWords();
  const more = useMore(
    paged(first),
    async (after) => {
      const { flow: found } = await request(FlowInsideDocument, { key: flow.key, state, after });
      return found ? paged(found.people) : [];
    },
    PAGE,
  );
  const steps = new Map(eachStep(stepsOf(flow.document)).map((step) => [step.key, step]));
  const isOver = state !== "WAITING";
  return (
    <>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th>{say("people.who")}</th>
              <th>{say("people.where")}</th>
              <th>{say("people.since")}</th>
              <th>{say(isOver ? "people.why" : "people.next")}</th>
            </tr>
          </thead>
          <tbody>
            {more.rows.map(({ person }, place) => (
              <Row key={place} person={person} step={steps.get(person.step)} isOver={isOver} />
            ))}
          </tbody>
        </table>
      </div>
      <MoreButton more={more} what={say("people.title")} />
    </>
  );
}

function Row({ person, step, isOver }: { person: PersonFieldsFragment; step: Step | undefined; isOver: boolean }) {
  const words = useWords();
  const { say, name, moment } = words;
  const { userId, email, reason, dueAt } = person;
  const called = email ?? say("people.nameless");
  const where = step ? stepWords(step, words) : person.step || say("flows.end");
  return (
    <tr data-person={person.customer}>
      <td>
        {userId ? (
          <button type="button" className="link" onClick={() => lead(`/customers/${encodeURIComponent(userId)}`)}>
            {called}
          </button>
        ) : (
          <>
            {called} <span className="soft note">{say("people.guest")}</span>
          </>
        )}
        {HELD_OUT.has(person.arm) && <span className="soft note">{say("people.heldOut")}</span>}
      </td>
      <td>{where}</td>
      <td>{moment(person.enteredAt)}</td>
      <td>{isOver ? reason && name("reason", reason) : dueAt ? moment(dueAt) : say("people.next.none")}</td>
    </tr>
  );
}

function paged({ people, endCursor, hasNextPage }: People) {
  const cursor = hasNextPage ? (endCursor ?? "") : "";
  return people.map((person) => ({ person, cursor }));
}
