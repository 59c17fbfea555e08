import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { notify } from "../frame/bridge";
import { Card } from "../frame/Card";
import { Field } from "../frame/Field";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Loading, RefusalLine, Trouble } from "../frame/states";
import { FlowHoldoutDocument, FlowSetDocument, type SettingsFieldsFragment } from "../generated/dashboard";
import { BudgetLine } from "../incentives/BudgetLine";
import { nameOf as templateName } from "../templates/names";
import { useWords } from "../words/words";
import { DelayField } from "./DelayField";
import type { Flow } from "./DraftCard";
import { costWords } from "./said";
import { changesOf, costAt, figureOf, hasPace, limits, typedOf, wrongDelays, type Figure, type Typed } from "./settings";

interface Props {
  flow: Flow;
  settings: SettingsFieldsFragment;
  /** Opens the text of a message. */
  write: (template: string) => void;
  again: () => Promise<void>;
}

/** The few settings that make a flow: when it writes, with which code, to whom not, how fast. */
export function FlowSettingsCard({ flow, settings, write, again }: Props) {
  const { say, number, date } = useWords();
  const [told, setTold] = useState("");
  return (
    <Card
      title={say("flows.settings")}
      className="flow-settings"
      beside={
        flow.version !== null &&
        flow.publishedAt !== null && (
          <span className="soft">
            {say("flow.version", { version: number(flow.version), date: date(flow.publishedAt) })}
          </span>
        )
      }
    >
      <Form
        key={flow.version}
        flow={flow}
        settings={settings}
        write={write}
        saved={async (inside) => {
          setTold(say("flows.settings.saved", { n: inside, count: number(inside) }));
          await again();
        }}
      />
      {told && <p role="status">{told}</p>}
    </Card>
  );
}

type FormProps = Omit<Props, "again"> & { saved: (inside: number) => Promise<void> };

function Form({ flow, settings, write, saved }: FormProps) {
  const { say } = useWords();
  const saving = useSaving();
  const [typed, setTyped] = useState(typedOf(settings));
  const changes = changesOf(typed, settings);
  const isChanged = changes !== null && Object.keys(changes).length > 0;
  const isSame = JSON.stringify(typed) === JSON.stringify(typedOf(settings));
  const change = (news: Partial<Typed>) => setTyped({ ...typed, ...news });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isChanged) return;
    void saving.save(
      async () => (await request(FlowSetDocument, { key: flow.key, settings: changes })).flowSet,
      async () => {
        notify(say("settings.saved"));
        await saved(flow.waiting);
      },
    );
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <div className="settings">
        <Delays settings={settings} typed={typed} write={isSame ? write : null} change={change} />
        <div className="stack">
          {(settings.mayHaveIncentive || settings.incentive !== null) && (
            <CodePart flowKey={flow.key} typed={typed} change={change} />
          )}
          <HoldoutPart flowKey={flow.key} typed={typed} change={change} />
          {hasPace(settings) && (
            <Figured
              figure="perHour"
              typed={typed}
              change={change}
              mayBeEmpty
              help={say("flows.perHour.help")}
            />
          )}
        </div>
      </div>
      <div className="actions">
        <Button type="submit" disabled={!isChanged || saving.change.isRunning}>
          {say("flows.settings.save")}
        </Button>
        <span className="soft">{say("flows.settings.about")}</span>
      </div>
      {flow.draftAt !== null && <p className="soft note">{say("flows.settings.draft")}</p>}
      <Trouble saving={saving} />
    </form>
  );
}

interface PartProps {
  typed: Typed;
  change: (news: Partial<Typed>) => void;
}

type DelaysProps = PartProps & Pick<Props, "settings"> & { write: Props["write"] | null };

/** The delays, each with a way to its text: not while something is typed, which would be lost on that way. */
function Delays({ settings, write, typed, change }: DelaysProps) {
  const words = useWords();
  const { say, name } = words;
  const wrong = wrongDelays(typed.delays, settings.delays);
  return (
    <div className="form" role="group" aria-label={say("flow.delays")}>
      <h3>{say("flow.delays")}</h3>
      {settings.daysBefore !== null && (
        <Figured figure="daysBefore" typed={typed} change={change} help={say("flows.daysBefore.help")} />
      )}
      {settings.delays.map(({ key, counts, template }, index) => {
        const label = template ? templateName({ key: template, name: "" }, words) : name("flows.delay", key);
        return (
          <DelayField
            key={key}
            name={key}
            label={label}
            note={
              <>
                {say(`flows.clock.${counts}`)}
                {template && write && (
                  <>
                    {" · "}
                    <button
                      type="button"
                      className="link"
                      aria-label={say("flows.write.which", { name: label })}
                      onClick={() => write(template)}
                    >
                      {say("flows.write")}
                    </button>
                  </>
                )}
              </>
            }
            delay={typed.delays[index] ?? { number: "", unit: "days" }}
            wrong={wrong[index] ?? null}
            onChange={(changed) => change({ delays: typed.delays.with(index, changed) })}
          />
        );
      })}
    </div>
  );
}

function CodePart({ flowKey, typed, change }: PartProps & { flowKey: string }) {
  const { say, knows } = useWords();
  const about = `flows.code.about.${flowKey}`;
  return (
    <div className="form" role="group" aria-label={say("flows.code")}>
      <h3>{say("flows.code")}</h3>
      <label className="check plain">
        <input
          type="checkbox"
          name="code"
          checked={typed.hasCode}
          onChange={({ target }) => change({ hasCode: target.checked })}
        />
        {say("flows.code.add")}
      </label>
      {knows(about) && <p className="soft note">{say(about)}</p>}
      {typed.hasCode && (
        <>
          <div className="pair">
            <Figured figure="percent" typed={typed} change={change} help={say("flows.percent.help")} />
            <Figured figure="lastsDays" typed={typed} change={change} />
          </div>
          <BudgetLine flowKey={flowKey} />
        </>
      )}
    </div>
  );
}

function HoldoutPart({ flowKey, typed, change }: PartProps & { flowKey: string }) {
  const words = useWords();
  const { answer, refusal } = useQuestion(FlowHoldoutDocument, { key: flowKey });
  const share = figureOf("holdout", typed);
  const held = answer?.flow?.holdout;
  const cost = share === null || !held ? null : costAt(share / 100, held);
  return (
    <div className="form">
      <Figured figure="holdout" typed={typed} change={change} />
      {refusal && <RefusalLine refusal={refusal} />}
      {!answer && !refusal && <Loading lines={1} />}
      {answer && share !== null && (
        <p className="soft note" data-cost={share}>
          {cost ? costWords(cost, words) : words.say("flows.holdout.unknown")}
        </p>
      )}
    </div>
  );
}

/** One figure; what is wrong with it takes the help's place. */
function Figured(props: PartProps & { figure: Figure; help?: string; mayBeEmpty?: boolean }) {
  const { figure, typed, change, help, mayBeEmpty = false } = props;
  const { say, number } = useWords();
  const { least, most } = limits(figure);
  const isRight = figureOf(figure, typed) !== null || (mayBeEmpty && typed[figure].trim() === "");
  return (
    <Field
      name={figure}
      label={say(`flows.${figure}`)}
      value={typed[figure]}
      help={help ?? null}
      error={isRight ? undefined : say("wrong.range", { least: number(least), most: number(most) })}
      onChange={(value) => change({ [figure]: value })}
    />
  );
}
