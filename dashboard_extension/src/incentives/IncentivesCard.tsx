import { Bar } from "../frame/Bar";
import { Card } from "../frame/Card";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { Loading, RefusalPage } from "../frame/states";
import { IncentivesDocument, IncentivesUpdateDocument, type IncentivesFieldsFragment } from "../generated/dashboard";
import { FigureForm } from "../installations/FigureForm";
import { useWords } from "../words/words";

const COUNTS = ["given", "used", "withdrawn", "ready"] as const;

/** Codes that flows give away: how many a month, never below which margin, and what became of them. */
export function IncentivesCard() {
  const { say } = useWords();
  const { answer, refusal, again } = useQuestion(IncentivesDocument, {});
  return (
    <Card title={say("codes.title")} className="codes">
      <p className="soft">{say("codes.about")}</p>
      {answer === null && (refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={4} />)}
      {answer && <Codes codes={answer.incentives} again={again} />}
    </Card>
  );
}

function Codes({ codes, again }: { codes: IncentivesFieldsFragment; again: () => Promise<void> }) {
  const { say, number } = useWords();
  const { perMonth, givenThisMonth } = codes;
  return (
    <>
      {!codes.isPermitted && (
        <p className="warning" role="status">
          {say("codes.permission")}
        </p>
      )}
      {codes.trouble && (
        <p className="warning" role="status">
          {say("codes.trouble", { trouble: codes.trouble })}
        </p>
      )}
      <div className="spent">
        <p>{say("codes.month", { given: number(givenThisMonth), all: number(perMonth), n: perMonth })}</p>
        <Bar label={say("codes.month.bar")} percent={perMonth > 0 ? Math.min(100, (100 * givenThisMonth) / perMonth) : 100} />
      </div>
      {codes.given === 0 && codes.ready === 0 ? (
        <p className="soft">{say("codes.none")}</p>
      ) : (
        <dl className="tiles">
          {COUNTS.map((one) => (
            <div key={one} data-count={one}>
              <dt>{say(`codes.${one}`)}</dt>
              <dd>{number(codes[one])}</dd>
            </div>
          ))}
        </dl>
      )}
      <FigureForm
        name="perMonth"
        label={say("codes.perMonth")}
        help={say("codes.perMonth.help")}
        held={perMonth}
        least={0}
        most={1_000_000}
        save={async (figure) => (await request(IncentivesUpdateDocument, { perMonth: figure })).incentivesUpdate}
        again={again}
      />
      <FigureForm
        name="marginPercent"
        label={say("codes.marginPercent")}
        help={say("codes.marginPercent.help")}
        held={codes.marginPercent}
        least={0}
        most={100}
        save={async (figure) => (await request(IncentivesUpdateDocument, { marginPercent: figure })).incentivesUpdate}
        again={again}
      />
    </>
  );
}
