import { Button } from "@saleor/macaw-ui";

import { Card } from "../frame/Card";
import { useQuestion } from "../frame/question";
import { Loading, RefusalPage } from "../frame/states";
import { useWhile } from "../frame/while";
import { FlowDetailDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import { CartResultsCard } from "./CartResultsCard";
import { DraftCard } from "./DraftCard";
import { FlowSettingsCard } from "./FlowSettingsCard";
import { HistoryCard } from "./HistoryCard";
import { KeepCard } from "./KeepCard";
import { OutcomeCard } from "./OutcomeCard";
import { PeopleCard } from "./PeopleCard";
import { nameOf } from "./said";
import { StateSwitch } from "./StateSwitch";
import { StepTree } from "./StepTree";

/** Of it alone is told what carts were recovered. */
const CART = "abandoned-cart";

interface Props {
  flowKey: string;
  open: (key: string) => void;
  close: () => void;
  /** Opens the text of a message. */
  write: (template: string) => void;
}

/** One flow: what it does and to whom, its settings, what it brought, its people, its versions and its draft. */
export function FlowPage({ flowKey, open, close, write }: Props) {
  const words = useWords();
  const { say, number, name } = words;
  const { answer, refusal, again } = useQuestion(FlowDetailDocument, { key: flowKey, language: words.language });
  const flow = answer?.flow;
  useWhile(flow?.walk?.isOver === false, again);
  const back = (
    <Button variant="secondary" size="small" onClick={close}>
      {say("flows.back")}
    </Button>
  );
  if (!flow) {
    return (
      <Card title={say("flows.title")} beside={back}>
        {answer ? (
          <p className="soft">{say("flows.gone")}</p>
        ) : refusal ? (
          <RefusalPage refusal={refusal} again={again} />
        ) : (
          <Loading lines={6} />
        )}
      </Card>
    );
  }
  const title = nameOf(flow, words);
  return (
    <>
      <Card title={title} beside={back} className="flow-page">
        <p className="soft">
          {flow.trigger ? name("flows.trigger", flow.trigger) : say("flows.unpublished")}
          {" · "}
          {say("flows.inside", { n: flow.waiting, count: number(flow.waiting) })}
          {flow.version !== null && ` · ${say("flows.version", { version: number(flow.version) })}`}
        </p>
        <StateSwitch flow={flow} title={title} again={again} />
        {flow.walk?.isOver === false && <p role="status">{say("flows.walking", {
          moved: number(flow.walk.moved), exited: number(flow.walk.exited) })}</p>}
        {words.knows(`flows.about.${flow.key}`) && flow.version !== null && !flow.settings && (
          <p className="soft">{say("flows.settings.more")}</p>
        )}
        <StepTree flow={flow} />
      </Card>
      {flow.settings && <FlowSettingsCard flow={flow} settings={flow.settings} write={write} again={again} />}
      <OutcomeCard flowKey={flow.key} />
      {flow.key === CART && <CartResultsCard />}
      <PeopleCard flow={flow} />
      <DraftCard key={flow.draftAt} flow={flow} again={again} />
      <HistoryCard flow={flow} again={again} />
      <KeepCard flow={flow} title={title} open={open} again={again} />
    </>
  );
}
