import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { notify } from "../frame/bridge";
import { Card } from "../frame/Card";
import { Field } from "../frame/Field";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Loading, RefusalLine, RefusalPage } from "../frame/states";
import {
  ChannelBrandsDocument,
  ChannelBrandUpdateDocument,
  type BrandFieldsFragment,
  type BrandInput,
  type ChannelBrandsQuery,
} from "../generated/dashboard";
import { useWords } from "../words/words";
import { ChannelChoice } from "./ChannelChoice";
import { GROUPS, wrong } from "./fields";

type Name = keyof BrandFieldsFragment;

// Of the settings' groups those that a channel can say otherwise.
const FIELDS = GROUPS.filter(({ title }) => title !== "settings.data") as readonly {
  title: (typeof GROUPS)[number]["title"];
  fields: readonly Name[];
}[];

/** Who speaks in each of the shop's channels, where that is not as in the settings. */
export function ChannelBrandsCard({ brand }: { brand: BrandFieldsFragment }) {
  const { say, number } = useWords();
  const { answer, refusal, again } = useQuestion(ChannelBrandsDocument, {});
  const [channel, setChannel] = useState("");
  const brands = answer?.channelBrands;
  const held = brands?.find((one) => one.channel === channel.trim());
  return (
    <Card title={say("brands.title")}>
      <p className="soft">{say("brands.about")}</p>
      {!brands && (refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={2} />)}
      {brands && brands.length > 0 && (
        <ul className="list">
          {brands.map((one) => (
            <li key={one.channel}>
              <button type="button" className="link" onClick={() => setChannel(one.channel)}>
                {one.channel}
              </button>
              <span className="soft">
                {say("brands.own", { n: one.overridden.length, count: number(one.overridden.length) })}
              </span>
            </li>
          ))}
        </ul>
      )}
      {brands && (
        <ChannelChoice
          label={say("brands.channel")}
          none={say("brands.channel.none")}
          value={channel}
          onChange={setChannel}
        />
      )}
      {brands && channel.trim() !== "" && (
        <ChannelForm key={channel.trim()} channel={channel.trim()} held={held} brand={brand} again={again} />
      )}
    </Card>
  );
}

interface FormProps {
  channel: string;
  held: ChannelBrandsQuery["channelBrands"][number] | undefined;
  /** What the installation says. */
  brand: BrandFieldsFragment;
  again: () => Promise<void>;
}

function ChannelForm({ channel, held, brand, again }: FormProps) {
  const { say } = useWords();
  const saving = useSaving();
  const [typed, setTyped] = useState<Partial<Record<Name, string>>>({});
  const own = (name: Name) => (held?.overridden.includes(name) ? held.brand[name] : "");
  const changed: BrandInput = Object.fromEntries(
    Object.entries(typed).filter(([name, value]) => value.trim() !== own(name as Name)),
  );
  const isChanged = Object.keys(changed).length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void saving.save(
      async () => (await request(ChannelBrandUpdateDocument, { channel, input: changed })).channelBrandUpdate,
      async () => {
        await again();
        setTyped({});
        notify(say("brands.saved"));
      },
    );
  };
  const told = (name: string) => {
    const error = saving.errors.find(({ field }) => field === name);
    const id = error && wrong(error);
    return id ? say(id) : error?.message;
  };
  const elsewhere = saving.errors.filter(({ field }) => !FIELDS.some(({ fields }) => fields.some((one) => one === field)));
  return (
    <form className="form" onSubmit={submit} noValidate>
      {FIELDS.map(({ title, fields }) => (
        <fieldset key={title}>
          <legend>{say(title)}</legend>
          {fields.map((name) => (
            <Field
              key={name}
              name={`${channel}-${name}`}
              label={say(`field.${name}`)}
              value={typed[name] ?? own(name)}
              help={brand[name] === "" ? say("brands.inherited.none") : say("brands.inherited", { value: brand[name] })}
              error={told(name)}
              onChange={(value) => setTyped({ ...typed, [name]: value })}
            />
          ))}
        </fieldset>
      ))}
      {elsewhere.length > 0 && (
        <p className="bad" role="alert">
          {elsewhere.map(({ message }) => message).join(" ")}
        </p>
      )}
      <RefusalLine refusal={saving.change.refusal} />
      <div className="actions">
        <Button type="submit" disabled={!isChanged || saving.change.isRunning}>
          {say("settings.save")}
        </Button>
      </div>
    </form>
  );
}
