import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { notify } from "../frame/bridge";
import { Card } from "../frame/Card";
import { Field } from "../frame/Field";
import { typedNumber } from "../frame/figures";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Loading, RefusalPage, Trouble } from "../frame/states";
import { AttentionDocument, AttentionSetDocument, type AttentionQuery } from "../generated/dashboard";
import { useWords } from "../words/words";

type Settings = AttentionQuery["attention"];
const CAPS = ["perDay", "perWeek", "perMonth"] as const;
const CHANNELS = ["email", "sms"] as const;

/** How many messages a customer gets at most, and when it is quiet. */
export function AttentionCard() {
  const { say } = useWords();
  const { answer, refusal, again } = useQuestion(AttentionDocument, {});
  return (
    <Card title={say("attention.title")} className="attention">
      <p className="soft">{say("attention.about")}</p>
      {answer === null && (refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={4} />)}
      {answer && <Form key={JSON.stringify(answer.attention)} settings={answer.attention} again={again} />}
    </Card>
  );
}

function Form({ settings, again }: { settings: Settings; again: () => Promise<void> }) {
  const { say, name } = useWords();
  const saving = useSaving();
  const [caps, setCaps] = useState<Record<(typeof CAPS)[number], string>>({
    perDay: String(settings.perDay ?? ""),
    perWeek: String(settings.perWeek ?? ""),
    perMonth: String(settings.perMonth ?? ""),
  });
  const [quiet, setQuiet] = useState(
    [...new Set([...CHANNELS, ...settings.quietHours.map(({ channel }) => channel)])].map(
      (channel) => settings.quietHours.find((one) => one.channel === channel) ?? { channel, start: "", end: "" },
    ),
  );
  const isRight = (typed: string) => typed.trim() === "" || /^[1-9]\d{0,3}$/.test(typed.trim());
  const isWhole = quiet.every(({ start, end }) => (start === "") === (end === ""));
  const isGood = isWhole && CAPS.every((cap) => isRight(caps[cap]));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isGood) return;
    const given = {
      perDay: typedNumber(caps.perDay),
      perWeek: typedNumber(caps.perWeek),
      perMonth: typedNumber(caps.perMonth),
      quietHours: quiet.filter(({ start }) => start),
    };
    void saving.save(
      async () => (await request(AttentionSetDocument, given)).attentionSet,
      async () => {
        notify(say("settings.saved"));
        await again();
      },
    );
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <fieldset className="caps">
        <legend>{say("attention.caps")}</legend>
        {CAPS.map((cap) => (
          <Field
            key={cap}
            name={cap}
            label={say(`attention.${cap}`)}
            value={caps[cap]}
            error={isRight(caps[cap]) ? undefined : say("attention.wrong")}
            onChange={(typed) => setCaps({ ...caps, [cap]: typed })}
          />
        ))}
      </fieldset>
      <p className="soft note">{say("attention.caps.help")}</p>
      <h3>{say("attention.quiet")}</h3>
      {quiet.map((one, index) => (
        <div key={one.channel} className="quiet" data-channel={one.channel}>
          <span>{name("channel", one.channel)}</span>
          {(["start", "end"] as const).map((end) => (
            <input
              key={end}
              type="time"
              aria-label={say(`attention.${end}`, { channel: name("channel", one.channel) })}
              value={one[end]}
              onChange={({ target }) => setQuiet(quiet.with(index, { ...one, [end]: target.value }))}
            />
          ))}
        </div>
      ))}
      {!isWhole && (
        <p className="bad note" role="alert">
          {say("attention.half")}
        </p>
      )}
      <p className="soft note">{say("attention.quiet.help")}</p>
      <div className="actions">
        <Button type="submit" disabled={!isGood || saving.change.isRunning}>
          {say("settings.save")}
        </Button>
      </div>
      <Trouble saving={saving} />
    </form>
  );
}
