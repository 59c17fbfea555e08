import type { FlowFieldsFragment } from "../generated/dashboard";
import { useWords } from "../words/words";

type FlowResults = FlowFieldsFragment["results"];

/** What became of the carts that came in and of their mails, with reasons in words. */
export function Results({ results }: { results: FlowResults }) {
  const { say, name, number, money } = useWords();
  const worth = results.recoveredRevenue.map(money);
  return (
    <div className="results">
      <h3>{say("flow.results")}</h3>
      <dl className="tiles">
        <div className="strong">
          <dt>{say("flow.recovered")}</dt>
          <dd>{number(results.recovered)}</dd>
          <dd className="soft">{say("flow.recovered.about")}</dd>
        </div>
        <div className="strong">
          <dt>{say("flow.revenue")}</dt>
          {worth.length === 0 ? <dd>{say("flow.revenue.none")}</dd> : worth.map((one) => <dd key={one}>{one}</dd>)}
        </div>
        {(["entered", "waiting", "finished", "exited"] as const).map((one) => (
          <div key={one}>
            <dt>{say(`flow.${one}`)}</dt>
            <dd>{number(results[one])}</dd>
          </div>
        ))}
      </dl>
      {results.entered === 0 && results.messages.length === 0 ? (
        <p className="soft">{say("flow.empty")}</p>
      ) : (
        <div className="tables">
          <Table
            title={say("flow.messages")}
            head={[say("table.state"), say("table.count")]}
            rows={results.messages.map(({ state, reason, count }) => ({
              key: `${state} ${reason}`,
              text: say(`message.${state}`),
              note: reason && name("reason", reason),
              count: number(count),
            }))}
          />
          <Table
            title={say("flow.exits")}
            head={[say("table.reason"), say("table.count")]}
            rows={results.exits.map(({ reason, count }) => ({
              key: reason,
              text: name("reason", reason),
              note: "",
              count: number(count),
            }))}
          />
        </div>
      )}
    </div>
  );
}

interface TableProps {
  title: string;
  head: [string, string];
  rows: { key: string; text: string; note: string; count: string }[];
}

function Table({ title, head, rows }: TableProps) {
  if (rows.length === 0) return null;
  return (
    <table aria-label={title}>
      <caption>{title}</caption>
      <thead className="unseen">
        <tr>
          <th scope="col">{head[0]}</th>
          <th scope="col">{head[1]}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, text, note, count }) => (
          <tr key={key}>
            <td>
              {text}
              {note && <span className="soft note">{note}</span>}
            </td>
            <td className="figure">{count}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
