import { Card } from "../frame/Card";
import { useQuestion } from "../frame/question";
import { Loading, RefusalPage } from "../frame/states";
import { FlowOutcomeDocument, type LiftFieldsFragment, type OutcomeFieldsFragment } from "../generated/dashboard";
import { useWords } from "../words/words";
import { liftWords } from "./said";

/** What a flow brought: counts, then those written to against those held out, and last what others would call it. */
export function OutcomeCard({ flowKey }: { flowKey: string }) {
  const { say, date } = useWords();
  const { answer, refusal, again } = useQuestion(FlowOutcomeDocument, { key: flowKey });
  const results = answer?.flow?.results;
  return (
    <Card title={say("flows.results")} className="outcome">
      {answer === null && (refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={4} />)}
      {answer && !results && <p className="soft">{say("flows.results.none")}</p>}
      {results && (
        <>
          <p className="soft">{say("flows.results.since", { date: date(results.since) })}</p>
          <Counts results={results} />
          <Compared results={results} />
        </>
      )}
    </Card>
  );
}

function Counts({ results }: { results: OutcomeFieldsFragment }) {
  const { say, number } = useWords();
  return (
    <dl className="tiles thirds">
      {(["entered", "waiting", "finished", "exited", "failed", "heldOut", "sent", "delivered", "clicked"] as const).map((one) => (
        <div key={one} data-count={one}>
          <dt>{say(`flows.count.${one}`)}</dt>
          <dd>{number(results[one])}</dd>
        </div>
      ))}
    </dl>
  );
}

function Compared({ results }: { results: OutcomeFieldsFragment }) {
  const { say, number, money, days } = useWords();
  const window = days(results.windowSeconds / 86400);
  return (
    <div className="compared">
      <h3>{say("flows.compared")}</h3>
      <p className="soft">{say("flows.compared.about", { window })}</p>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th />
              <th className="figure">{say("flows.treated")}</th>
              <th className="figure">{say("flows.heldOut")}</th>
              <th>{say("flows.lift")}</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{say("flows.people.over")}</th>
              <td className="figure">{number(results.conversion.treated)}</td>
              <td className="figure">{number(results.conversion.heldOut)}</td>
              <td />
            </tr>
            <tr data-lift="conversion">
              <th scope="row">{say("flows.converted")}</th>
              <td className="figure">{number(results.conversion.treatedConverted)}</td>
              <td className="figure">{number(results.conversion.heldOutConverted)}</td>
              <Lift lift={results.conversion} />
            </tr>
            {results.amounts.map(({ treated, heldOut, lift }) => (
              <tr key={treated.currency} data-lift={treated.currency}>
                <th scope="row">{say("flows.revenue", { currency: treated.currency })}</th>
                <td className="figure">{money(treated)}</td>
                <td className="figure">{money(heldOut)}</td>
                <Lift lift={lift} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="soft">
        {results.attributed.length === 0
          ? say("flows.attributed.none")
          : say("flows.attributed", {
              orders: number(results.attributed.reduce((sum, { orders }) => sum + orders, 0)),
              revenue: results.attributed.map(({ revenue }) => money(revenue)).join(", "),
            })}
      </p>
    </div>
  );
}

function Lift({ lift }: { lift: LiftFieldsFragment }) {
  const words = useWords();
  return <td data-verdict={lift.verdict}>{liftWords(lift, words)}</td>;
}
