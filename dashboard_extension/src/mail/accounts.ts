import type { MailFieldsFragment } from "../generated/dashboard";

export type Provider = MailFieldsFragment["providers"][number];
export type Account = MailFieldsFragment["accounts"][number];
export type Typed = Readonly<Record<string, string>>;

/** What a field shows: what was typed, else what is stored, else the first choice. A secret shows nothing stored. */
export function shownIn(field: Provider["fields"][number], typed: Typed, account: Account | undefined): string {
  const stored = account?.settings.find(({ name }) => name === field.name)?.value;
  return typed[field.name] ?? (stored || (field.choices[0] ?? ""));
}

/** What is sent: every field but the secrets that nobody typed, which stay as they are. */
export function given(provider: Provider, typed: Typed, account: Account | undefined) {
  return provider.fields
    .filter(({ name, isSecret }) => !isSecret || typed[name])
    .map((field) => ({ name: field.name, value: shownIn(field, typed, account) }));
}

/** The field's name as errors have it. */
export function errorField(name: string): string {
  return `settings.${name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())}`;
}
