import { Button } from "@saleor/macaw-ui";
import { useState } from "react";

import { Ask } from "../frame/Ask";
import { Card } from "../frame/Card";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Loading, RefusalPage, Trouble } from "../frame/states";
import {
  AttributeMappingsDocument,
  AttributeMappingsUpdateDocument,
  ImportStartDocument,
  type AttributeMappingInput,
  type MappingFieldsFragment,
} from "../generated/dashboard";
import { useWords } from "../words/words";
import { held } from "./mappings";
import { MappingForm } from "./MappingForm";

/** Which metadata keys of customers, carts and orders mean what. */
export function MappingsCard() {
  const { say } = useWords();
  const { answer, refusal, again } = useQuestion(AttributeMappingsDocument, {});
  const [isToBeRead, setToBeRead] = useState(false);
  const saving = useSaving();
  if (answer === null) {
    return (
      <Card title={say("mappings.title")}>
        {refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={3} />}
      </Card>
    );
  }
  const mappings = answer.attributeMappings;
  const save = (wanted: AttributeMappingInput[], then: () => void) => {
    let isNew = false;
    return saving.save(
      async () => {
        const { attributeMappingsUpdate } = await request(AttributeMappingsUpdateDocument, { mappings: wanted });
        isNew = attributeMappingsUpdate.isShopToBeReadAgain;
        return attributeMappingsUpdate;
      },
      async () => {
        await again();
        if (isNew) setToBeRead(true);
        then();
      },
    );
  };
  return (
    <Card title={say("mappings.title")}>
      <p className="soft">{say("mappings.about")}</p>
      {mappings.length === 0 && <p>{say("mappings.none")}</p>}
      <ul className="list">
        {mappings.map((mapping) => (
          <li key={JSON.stringify(mapping)}>
            <Meaning mapping={mapping} />
            <Ask
              label={say("state.remove")}
              question={say("mappings.remove.ask", { key: mapping.key })}
              yes={say("state.remove")}
              change={saving.change}
              onYes={() => save(mappings.filter((one) => one !== mapping).map(held), () => undefined)}
            />
          </li>
        ))}
      </ul>
      {isToBeRead && <ReadAgain done={() => setToBeRead(false)} />}
      <MappingForm
        isRunning={saving.change.isRunning}
        add={(mapping, then) => save([...mappings.map(held), mapping], then)}
      />
      <Trouble saving={saving} />
    </Card>
  );
}

function Meaning({ mapping: { origin, key, attribute, consent } }: { mapping: MappingFieldsFragment }) {
  const { say } = useWords();
  return (
    <span>
      <strong>{key}</strong> <span className="soft">({say(`origin.${origin}`)})</span>
      <span className="note">
        {attribute && `${attribute.name}: ${say(`type.${attribute.type}`)}`}
        {consent && say("mappings.consent.words", { yes: consent.yes.join(", "), no: consent.no.join(", ") })}
      </span>
    </span>
  );
}

function ReadAgain({ done }: { done: () => void }) {
  const { say } = useWords();
  const saving = useSaving();
  const read = () =>
    saving.save(
      async () => (await request(ImportStartDocument, { restart: true, pagesPerSecond: null })).importStart,
      () => {
        done();
        return Promise.resolve();
      },
    );
  return (
    <div className="warning" role="status">
      <p>{say("mappings.read")}</p>
      <Button size="small" variant="secondary" disabled={saving.change.isRunning} onClick={read}>
        {say("import.again.yes")}
      </Button>
      <Trouble saving={saving} />
    </div>
  );
}
