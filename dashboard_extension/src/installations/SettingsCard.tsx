import { Card } from "../frame/Card";
import type { OverviewQuery } from "../generated/dashboard";
import { useWords } from "../words/words";
import { BrandForm } from "./BrandForm";
import { GROUPS } from "./fields";

interface Props {
  installation: OverviewQuery["installation"];
  again: () => Promise<void>;
}

const FIELDS = GROUPS.flatMap(({ fields }) => [...fields]);

/** Who writes, for whom, and where carts open. */
export function SettingsCard({ installation, again }: Props) {
  const { say } = useWords();
  return (
    <Card title={say("settings.title")}>
      <BrandForm
        fields={FIELDS}
        installation={installation}
        again={again}
        layout={(field) =>
          GROUPS.map(({ title, fields }) => (
            <fieldset key={title}>
              <legend>{say(title)}</legend>
              {fields.map(field)}
            </fieldset>
          ))
        }
      />
    </Card>
  );
}
