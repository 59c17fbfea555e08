import { Button } from "@saleor/macaw-ui";

import { Card } from "../frame/Card";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { DeliverabilityCheckDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import { FindingItem } from "./FindingItem";
import { LevelSign } from "./LevelSign";
import { gravest, type Deliverability } from "./rates";
import { SelectorsForm } from "./SelectorsForm";

type Domain = Deliverability["domains"][number];

interface Props {
  domains: Deliverability["domains"];
  again: () => Promise<void>;
}

/** What DNS says of each domain that is written from, with what to put where. */
export function DomainsCard({ domains, again }: Props) {
  const { say } = useWords();
  const saving = useSaving();
  const check = () =>
    saving.save(async () => (await request(DeliverabilityCheckDocument, {})).deliverabilityCheck, again);
  return (
    <Card
      title={say("arrival.title")}
      beside={
        <Button variant="secondary" size="small" disabled={saving.change.isRunning} onClick={check}>
          {say("arrival.check")}
        </Button>
      }
    >
      <p className="soft">{say("arrival.about")}</p>
      <Trouble saving={saving} />
      {domains.length === 0 && <p>{say("arrival.none")}</p>}
      {domains.map((domain) => (
        <DomainPart key={domain.domain} domain={domain} again={again} />
      ))}
    </Card>
  );
}

function DomainPart({ domain, again }: { domain: Domain; again: () => Promise<void> }) {
  const { say, name, moment } = useWords();
  const level = gravest(domain.findings);
  return (
    <section className="part domain" data-domain={domain.domain} data-level={level}>
      <h3>
        <code>{domain.domain}</code>
        {domain.provider !== "" && <span className="soft">{name("provider", domain.provider)}</span>}
      </h3>
      {domain.findings.length > 0 && (
        <p className="verdict" role="status">
          <LevelSign level={level} />
          <strong>{say(`arrival.verdict.${level}`)}</strong>
        </p>
      )}
      <p className="soft note">
        {domain.isBeingChecked
          ? say("arrival.checking")
          : domain.checkedAt && say("arrival.checked", { time: moment(domain.checkedAt) })}
      </p>
      <ul className="findings">
        {domain.findings.map((finding) => (
          <FindingItem key={`${finding.code} ${finding.found}`} finding={finding} />
        ))}
      </ul>
      <SelectorsForm key={domain.selectors.join()} domain={domain} again={again} />
    </section>
  );
}
