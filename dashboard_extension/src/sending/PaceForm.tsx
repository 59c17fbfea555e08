import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { notify } from "../frame/bridge";
import { Field } from "../frame/Field";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { SendingPaceSetDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import { typedPace } from "./standing";

const FASTEST = 600_000;

interface Props {
  channel: string;
  held: number | null;
  again: () => Promise<void>;
}

/** How many messages a minute leave on a channel at most; an empty field is no limit. */
export function PaceForm({ channel, held, again }: Props) {
  const { say, number } = useWords();
  const saving = useSaving();
  const [typed, setTyped] = useState<string | null>(null);
  const pace = typed === null ? held : typedPace(typed, FASTEST);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (pace === undefined) return;
    void saving.save(
      async () => (await request(SendingPaceSetDocument, { channel, perMinute: pace })).sendingPaceSet,
      async () => {
        notify(say("settings.saved"));
        await again();
        setTyped(null);
      },
    );
  };
  return (
    <form className="form one" onSubmit={submit} noValidate>
      <Field
        name={`pace-${channel}`}
        label={say("sending.pace")}
        help={say(channel === "email" ? "sending.pace.help.email" : "sending.pace.help")}
        value={typed ?? (held === null ? "" : String(held))}
        error={pace === undefined ? say("sending.pace.wrong", { most: number(FASTEST) }) : undefined}
        onChange={setTyped}
      />
      <Button type="submit" variant="secondary" disabled={pace === undefined || pace === held || saving.change.isRunning}>
        {say("settings.save")}
      </Button>
      <Trouble saving={saving} />
    </form>
  );
}
