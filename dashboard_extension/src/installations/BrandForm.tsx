import { Button } from "@saleor/macaw-ui";
import { useState, type FormEvent, type ReactNode } from "react";

import { notify } from "../frame/bridge";
import { Field } from "../frame/Field";
import { useChange, type Errors } from "../frame/question";
import { request } from "../frame/request";
import { RefusalLine } from "../frame/states";
import { InstallationUpdateDocument, type InstallationInput, type OverviewQuery } from "../generated/dashboard";
import { useWords } from "../words/words";
import { held, help, wrong, type FieldName } from "./fields";

interface Props {
  fields: readonly FieldName[];
  installation: OverviewQuery["installation"];
  again: () => Promise<void>;
  /** How the fields are laid out; one below the other without it. */
  layout?: (field: (name: FieldName) => ReactNode) => ReactNode;
}

/** Some of the installation's fields as a form. Only what was changed is sent. */
export function BrandForm({ fields, installation, again, layout }: Props) {
  const { say } = useWords();
  const change = useChange();
  const [typed, setTyped] = useState<InstallationInput>({});
  const [errors, setErrors] = useState<Errors[]>([]);
  const changed = Object.fromEntries(
    Object.entries(typed).filter(([name, value]) => value !== held(installation, name as FieldName)),
  ) as InstallationInput;
  const isChanged = Object.keys(changed).length > 0;

  const save = async () => {
    const { installationUpdate } = await request(InstallationUpdateDocument, { input: changed });
    setErrors(installationUpdate.errors);
    if (installationUpdate.errors.length > 0) return;
    await again();
    setTyped({});
    notify(say("settings.saved"));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void change.run(save);
  };
  const told = (error: Errors | undefined) => {
    const id = error && wrong(error);
    return id ? say(id) : error?.message;
  };
  const field = (name: FieldName) => {
    const about = help(name);
    return (
      <Field
        key={name}
        name={name}
        label={say(`field.${name}`)}
        value={typed[name] ?? held(installation, name)}
        help={about && say(about)}
        error={told(errors.find((error) => error.field === name))}
        onChange={(value) => setTyped({ ...typed, [name]: value })}
      />
    );
  };
  const [elsewhere] = errors.filter((error) => !fields.some((name) => name === error.field));
  return (
    <form className="form" onSubmit={submit} noValidate>
      {layout ? layout(field) : fields.map(field)}
      {elsewhere && (
        <p className="bad" role="alert">
          {elsewhere.message}
        </p>
      )}
      <RefusalLine refusal={change.refusal} />
      <div className="actions">
        <Button type="submit" disabled={!isChanged || change.isRunning}>
          {say("settings.save")}
        </Button>
      </div>
    </form>
  );
}
