import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { Field } from "../frame/Field";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { SuppressionLiftDocument, type SuppressionFieldsFragment } from "../generated/dashboard";
import { useWords } from "../words/words";

const LONGEST_NOTE = 500;

interface Props {
  suppression: SuppressionFieldsFragment;
  again: () => Promise<void>;
}

/** Why an address is on the list, and the way off it, which asks for a reason. */
export function LiftForm({ suppression: { addressHash, channel, reason, at, mayBeLifted }, again }: Props) {
  const { say, date } = useWords();
  const saving = useSaving();
  const [note, setNote] = useState("");
  const isWrong = note.trim() === "" || note.trim().length > LONGEST_NOTE;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWrong) return;
    void saving.save(
      async () => (await request(SuppressionLiftDocument, { channel, addressHash, note: note.trim() })).suppressionLift,
      again,
    );
  };
  return (
    <div className="lift" data-reason={reason}>
      <p role="status">
        <strong>{say("suppressions.is.on", { date: date(at) })}</strong> {say(`suppression.${reason}`)}
        <span className="soft note">{say(`suppression.${reason}.about`)}</span>
      </p>
      {mayBeLifted && (
        <details>
          <summary>{say("suppressions.lift")}</summary>
          <p className="soft">{say("suppressions.lift.about")}</p>
          <form className="form" onSubmit={submit} noValidate>
            <Field
              name="note"
              label={say("suppressions.note")}
              help={say("suppressions.note.help")}
              value={note}
              error={note.trim().length > LONGEST_NOTE ? say("topics.wrong.length", { most: LONGEST_NOTE }) : undefined}
              onChange={setNote}
            />
            <div className="actions">
              <Button type="submit" variant="secondary" disabled={isWrong || saving.change.isRunning}>
                {say("suppressions.lift.yes")}
              </Button>
            </div>
          </form>
        </details>
      )}
      <Trouble saving={saving} />
    </div>
  );
}
