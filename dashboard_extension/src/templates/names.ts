import type { TemplateRowFragment } from "../generated/dashboard";
import { en } from "../words/en";
import type { Words } from "../words/words";

/** What a template is called: by whoever made it, else by us if we brought it, else by its key. */
export function nameOf({ key, name }: Pick<TemplateRowFragment, "key" | "name">, { say }: Pick<Words, "say">): string {
  if (name !== "") return name;
  const id = `ready.${key}`;
  return id in en ? say(id as keyof typeof en) : key;
}

/** What a language is called by those who read the page. */
export function languageName(code: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
