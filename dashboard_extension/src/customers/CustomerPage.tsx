import { Button } from "@saleor/macaw-ui";
import { useLayoutEffect, useRef } from "react";

import { canOpenPopup, customerId, openPopup, resize } from "../frame/bridge";
import { later } from "../frame/later";
import { useFrame, useQuestion } from "../frame/question";
import { useWide } from "../frame/wide";
import { IdentityList } from "../identities/IdentityList";
import { Loading, RefusalPage, State } from "../frame/states";
import { CustomerDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import { ActivityList } from "./ActivityList";
import { AttributeList } from "./AttributeList";
import { PhaseHistory } from "./PhaseHistory";
import { ScoreShares } from "./ScoreShares";
import { Outlook } from "./Outlook";
import { Standing } from "./Standing";

const FlowsPart = later(async () => (await import("../decisions/FlowsPart")).FlowsPart);
const ReceivedPart = later(async () => (await import("../received/ReceivedPart")).ReceivedPart);

/** One customer: as a widget, whose first 200 px say the essentials, and wider in a popup. */
export function CustomerPage() {
  const wrapper = useRef<HTMLDivElement>(null);
  const { token } = useFrame();
  const isHeard = token !== null;
  useLayoutEffect(() => {
    const element = wrapper.current;
    if (!element || !isHeard) return;
    // The wrapper and not the body, which is never lower than the frame.
    const observer = new ResizeObserver(() => resize(element.getBoundingClientRect().height));
    observer.observe(element);
    return () => observer.disconnect();
  }, [isHeard]);
  const id = customerId();
  return (
    <div className="customer" ref={wrapper}>
      {id === null ? <NobodyChosen /> : <Customer id={id} />}
    </div>
  );
}

function NobodyChosen() {
  const { say } = useWords();
  return <State title={say("customer.none.title")} text={say("customer.none.text")} kind="none" />;
}

function Customer({ id }: { id: string }) {
  const { say, locale } = useWords();
  const isWide = useWide();
  const { answer, refusal, again } = useQuestion(CustomerDocument, { userId: id, language: locale });
  if (answer === null) return refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={5} />;
  const { customer } = answer;
  if (!customer) {
    return <State title={say("customer.unknown.title")} text={say("customer.unknown.text")} kind="unknown" />;
  }
  return (
    <>
      <Standing customer={customer} isWide={isWide} />
      {isWide && <Outlook customer={customer} />}
      <div className="more">
        <ActivityList userId={id} activities={customer.activities} />
        {isWide && (
          <div className="stack">
            <ScoreShares parts={customer.score.parts} />
            <PhaseHistory userId={id} changes={customer.phaseChanges} />
            <IdentityList customerId={customer.id} identities={customer.identities} again={again} />
            {customer.attributes.length > 0 && <AttributeList attributes={customer.attributes} />}
          </div>
        )}
      </div>
      {isWide && <FlowsPart userId={id} />}
      {isWide && <ReceivedPart userId={id} />}
      {canOpenPopup() && (
        <Button variant="secondary" size="small" onClick={() => openPopup(id)}>
          {say("customer.more")}
        </Button>
      )}
    </>
  );
}
