import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { Field } from "../frame/Field";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { PolicyProposeDocument, type PolicyInput } from "../generated/dashboard";
import type { WordId } from "../words/en";
import { useWords } from "../words/words";
import { ChannelFields } from "./ChannelFields";
import { changeOf, channelsOf, DAYS, figuresOf, isWrong, type Figure, type Policy, type Typed } from "./figures";

interface Props {
  policy: Policy;
  isBusy: boolean;
  again: () => Promise<void>;
}

const PARTS = { before: "part.BEFORE_BUYING", customer: "part.AS_CUSTOMER" } as const satisfies Record<string, WordId>;

const HELP = {
  "loss.setDays": "policy.loss.setDays.help",
  "loss.share": "policy.loss.share.help",
  theta: "policy.theta.help",
  k: "policy.k.help",
} as const satisfies Record<string, WordId>;

/** The figures that the merchant may set. What is saved is a proposal: nobody moves before it is applied. */
export function PolicyForm({ policy, isBusy, again }: Props) {
  const { say, name, number } = useWords();
  const saving = useSaving();
  const [typed, setTyped] = useState<Typed>({ figures: {}, channels: null, keepsReturnedBuyers: null });
  const figures = figuresOf(policy);
  const channels = typed.channels ?? channelsOf(policy);
  const text = ({ path, held }: Figure) => typed.figures[path] ?? held;
  const isRight =
    !figures.some((figure) => isWrong(figure, text(figure))) &&
    channels.every(({ channel, days }) => channel.trim() !== "" && !isWrong(DAYS, days));
  const change = isRight ? changeOf(policy, typed) : null;
  const propose = async (input: PolicyInput) => (await request(PolicyProposeDocument, { input })).policyPropose;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (change) void saving.save(() => propose(change), again);
  };
  const field = (figure: Figure) => {
    const [, last = "", kind] = figure.path.split(".");
    return (
      <Field
        key={figure.path}
        name={figure.path}
        label={kind ? name("share", kind) : name("policy", last === "halfLifeDays" ? last : figure.path)}
        value={text(figure)}
        help={figure.path in HELP ? say(HELP[figure.path as keyof typeof HELP]) : null}
        error={
          isWrong(figure, text(figure))
            ? say("wrong.range", { least: number(figure.least), most: number(figure.most) })
            : undefined
        }
        onChange={(value) => setTyped({ ...typed, figures: { ...typed.figures, [figure.path]: value } })}
      />
    );
  };
  const under = (start: string) => figures.filter(({ path }) => path.startsWith(start)).map(field);
  return (
    <form className="form policy" onSubmit={submit} noValidate>
      <p className="soft">{say("policy.about")}</p>
      <fieldset>
        <legend>{say("policy.own")}</legend>
        {under("loss.setDays")}
      </fieldset>
      <ChannelFields channels={channels} onChange={(channels) => setTyped({ ...typed, channels })} />
      <details>
        <summary>{say("policy.more.loss")}</summary>
        <fieldset>
          {under("loss.share")}
          {under("loss.earliestDays")}
          {under("loss.latestDays")}
        </fieldset>
        <label className="check">
          <input
            type="checkbox"
            name="keepsReturnedBuyers"
            checked={typed.keepsReturnedBuyers ?? policy.keepsReturnedBuyers}
            onChange={(event) => setTyped({ ...typed, keepsReturnedBuyers: event.target.checked })}
          />
          {say("policy.keepsReturnedBuyers")}
        </label>
      </details>
      <details>
        <summary>{say("policy.more.score")}</summary>
        {(["before", "customer"] as const).map((part) => (
          <fieldset key={part} className="narrow">
            <legend>{say("policy.weights", { part: say(PARTS[part]) })}</legend>
            {under(`${part}.`)}
          </fieldset>
        ))}
        <fieldset className="narrow">
          <legend>{say("policy.thresholds")}</legend>
          {["theta", "k", "warmFrom", "hotFrom"].flatMap(under)}
        </fieldset>
      </details>
      <Trouble saving={saving} />
      <div className="actions">
        <Button type="submit" disabled={change === null || isBusy || saving.change.isRunning}>
          {say("policy.propose")}
        </Button>
        <span className="soft">{say(isBusy ? "policy.busy" : "policy.version", { version: number(policy.version) })}</span>
      </div>
    </form>
  );
}
