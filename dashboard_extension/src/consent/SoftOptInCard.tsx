import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent } from "react";

import { Ask } from "../frame/Ask";
import { notify } from "../frame/bridge";
import { Card } from "../frame/Card";
import { Choice } from "../frame/Choice";
import { DayField } from "../frame/DayField";
import { Field } from "../frame/Field";
import { typedNumber } from "../frame/figures";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { ConsentSoftOptInUpdateDocument, type ConsentSettingsQuery, type SoftOptInInput } from "../generated/dashboard";
import { useWords } from "../words/words";
import { countryName } from "./countries";

const LONGEST = 730;

interface Props {
  settings: ConsentSettingsQuery["consentSettings"];
  again: () => Promise<void>;
}

/** In which countries an order stands in for consent, and since when. */
export function SoftOptInCard({ settings: { softOptIn, softOptInPossible }, again }: Props) {
  const { say, wholeDay, locale, days } = useWords();
  const saving = useSaving();
  const save = (countries: SoftOptInInput[], then: () => void = () => undefined) =>
    saving.save(
      async () => (await request(ConsentSoftOptInUpdateDocument, { countries })).consentSoftOptInUpdate,
      async () => {
        notify(say("settings.saved"));
        await again();
        then();
      },
    );
  const others = softOptInPossible.filter((one) => softOptIn.every(({ country }) => country !== one));
  return (
    <Card title={say("soft.title")} className="soft-opt-in">
      <p className="soft">{say("soft.about")}</p>
      <p className="soft">{say("soft.law")}</p>
      {softOptIn.length === 0 && <p>{say("soft.none")}</p>}
      <ul className="rows">
        {softOptIn.map((one) => (
          <li key={one.country} data-country={one.country}>
            <span>
              <strong>{countryName(one.country, locale)}</strong>
              <span className="soft note">
                {say("soft.held", { day: wholeDay(one.offeredFrom), days: days(one.lastsDays) })}
              </span>
            </span>
            <Ask
              label={say("state.remove")}
              question={say("soft.remove.ask", { country: countryName(one.country, locale) })}
              yes={say("state.remove")}
              change={saving.change}
              onYes={() => save(softOptIn.filter(({ country }) => country !== one.country))}
            />
          </li>
        ))}
      </ul>
      <Trouble saving={saving} />
      {others.length > 0 && (
        <NewCountry
          countries={others}
          isRunning={saving.change.isRunning}
          add={(country, then) => save([...softOptIn, country], then)}
        />
      )}
    </Card>
  );
}

interface NewProps {
  countries: string[];
  isRunning: boolean;
  add: (country: SoftOptInInput, then: () => void) => Promise<void>;
}

const BLANK = { country: "", offeredFrom: "", days: String(LONGEST), isOffered: false };

function NewCountry({ countries, isRunning, add }: NewProps) {
  const { say, number, locale } = useWords();
  const [typed, setTyped] = useState(BLANK);
  const lastsDays = typedNumber(typed.days);
  const isWrong = lastsDays === null || !Number.isInteger(lastsDays) || lastsDays < 1 || lastsDays > LONGEST;
  const today = new Date().toISOString().slice(0, 10);
  const isReady =
    typed.country !== "" && typed.offeredFrom !== "" && typed.offeredFrom <= today && !isWrong && typed.isOffered;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) return;
    void add({ country: typed.country, offeredFrom: typed.offeredFrom, lastsDays }, () => setTyped(BLANK));
  };
  const named = countries.map((country) => ({ country, name: countryName(country, locale) }));
  named.sort((one, other) => one.name.localeCompare(other.name, locale));
  return (
    <details className="part">
      <summary>{say("soft.add")}</summary>
      <form className="form" onSubmit={submit} noValidate>
        <fieldset>
          <Choice
            name="country"
            label={say("soft.country")}
            value={typed.country}
            values={["", ...named.map(({ country }) => country)]}
            shown={(one) => named.find(({ country }) => country === one)?.name ?? say("soft.choose")}
            onChange={(country) => setTyped({ ...typed, country })}
          />
          <DayField
            name="offeredFrom"
            label={say("soft.from")}
            value={typed.offeredFrom}
            max={today}
            onChange={(offeredFrom) => setTyped({ ...typed, offeredFrom })}
          />
          <Field
            name="lastsDays"
            label={say("soft.days")}
            value={typed.days}
            error={isWrong ? say("wrong.range", { least: 1, most: number(LONGEST) }) : undefined}
            onChange={(days) => setTyped({ ...typed, days })}
          />
        </fieldset>
        <label className="check">
          <input
            type="checkbox"
            checked={typed.isOffered}
            onChange={(event) => setTyped({ ...typed, isOffered: event.target.checked })}
          />
          {say("soft.offered")}
        </label>
        <div className="actions">
          <Button type="submit" variant="secondary" disabled={!isReady || isRunning}>
            {say("settings.save")}
          </Button>
        </div>
      </form>
    </details>
  );
}
