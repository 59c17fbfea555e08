import { useState } from "react";

import { Ask } from "../frame/Ask";
import { Card } from "../frame/Card";
import { Choice } from "../frame/Choice";
import { Copied } from "../frame/Copied";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Loading, RefusalPage, Trouble } from "../frame/states";
import { DeliveryReportsDocument, DeliveryReportsEndDocument, type DeliveryReportsQuery } from "../generated/dashboard";
import { useWords } from "../words/words";
import { providerName } from "./providers";
import { SetUpForm, type Provider } from "./SetUpForm";

/** Who tells what became of messages: set up, with the last that was heard, and ended. */
export function ReportsCard() {
  const { say } = useWords();
  const { answer, refusal, again } = useQuestion(DeliveryReportsDocument, {});
  return (
    <Card title={say("reports.title")} className="reports">
      <p className="soft">{say("reports.about")}</p>
      {answer === null ? (
        refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={3} />
      ) : (
        <Reports {...answer.deliveryReports} again={again} />
      )}
    </Card>
  );
}

interface Props {
  again: () => Promise<void>;
}

function Reports({ providers, sources, again }: DeliveryReportsQuery["deliveryReports"] & Props) {
  const { say } = useWords();
  const [made, setMade] = useState({ provider: "", address: "" });
  const then = (provider: string) => async (address: string) => {
    setMade({ provider, address });
    await again();
  };
  const others = providers.filter(({ provider }) => sources.every((source) => source.provider !== provider));
  return (
    <>
      {sources.length === 0 && <p>{say("reports.none")}</p>}
      {sources.map((source) => (
        <SourcePart
          key={source.provider}
          source={source}
          provider={providers.find(({ provider }) => provider === source.provider)}
          address={made.provider === source.provider ? made.address : ""}
          then={then(source.provider)}
          again={again}
        />
      ))}
      {others.length > 0 && <NewSource providers={others} then={then} />}
    </>
  );
}

interface SourceProps extends Props {
  source: DeliveryReportsQuery["deliveryReports"]["sources"][number];
  provider: Provider | undefined;
  address: string;
  then: (address: string) => Promise<void>;
}

function SourcePart({ source, provider, address, then, again }: SourceProps) {
  const { say, moment, date } = useWords();
  const saving = useSaving();
  const title = providerName(source.provider);
  const end = () =>
    saving.save(
      async () => (await request(DeliveryReportsEndDocument, { provider: source.provider })).deliveryReportsEnd,
      again,
    );
  return (
    <section className="part" data-provider={source.provider} aria-label={title}>
      <h3>{title}</h3>
      <p>
        {source.lastReportAt === null
          ? say("reports.silent", { date: date(source.since) })
          : say("reports.heard", { time: moment(source.lastReportAt) })}
      </p>
      {address !== "" && (
        <>
          <Copied label={say("reports.address")} text={address} />
          <p role="status">{say("reports.address.once")}</p>
        </>
      )}
      {provider && (
        <details>
          <summary>{say("reports.again")}</summary>
          <p className="soft">{say("reports.again.about")}</p>
          <SetUpForm provider={provider} isNew={false} then={then} />
        </details>
      )}
      <Ask
        label={say("reports.end")}
        question={say("reports.end.ask")}
        yes={say("reports.end.yes")}
        change={saving.change}
        onYes={end}
        isGrave
      />
      <Trouble saving={saving} />
    </section>
  );
}

interface NewProps {
  providers: Provider[];
  then: (provider: string) => (address: string) => Promise<void>;
}

function NewSource({ providers, then }: NewProps) {
  const { say } = useWords();
  const [chosen, setChosen] = useState("");
  const provider = providers.find((one) => one.provider === chosen);
  return (
    <div className="part">
      <Choice
        name="provider"
        label={say("reports.provider")}
        value={provider ? chosen : ""}
        values={["", ...providers.map((one) => one.provider)]}
        shown={(one) => (one === "" ? say("reports.choose") : providerName(one))}
        onChange={setChosen}
      />
      {provider && <SetUpForm key={chosen} provider={provider} isNew then={then(chosen)} />}
    </div>
  );
}
