import { remember, remembered } from "../frame/memory";

/** What somebody types of a template in one language. */
export interface Words {
  subject: string;
  mjml: string;
  /** Empty: made from the MJML. */
  text: string;
}

interface Unsaved extends Words {
  /** The number of the version that it began as; 0: of none. */
  from: number;
}

const BLANK = { subject: "", mjml: "", text: "", isTextMade: false };

/** What was written of a version; a text that was made from the MJML was not. */
export function wordsOf({ subject, mjml, text, isTextMade }: typeof BLANK): Words {
  return { subject, mjml, text: isTextMade ? "" : text };
}

/** What one begins with: the newest version, or nothing. */
export function begun(newest: (typeof BLANK & { number: number }) | undefined): Unsaved {
  return { ...wordsOf(newest ?? BLANK), from: newest?.number ?? 0 };
}

/** Would something be lost with what is typed? */
export function isChangedFrom(versions: readonly (typeof BLANK & { number: number })[], typed: Unsaved): boolean {
  const basis = typed.from === 0 ? BLANK : versions.find(({ number }) => number === typed.from);
  if (basis === undefined) return true;
  const held = wordsOf(basis);
  return typed.subject !== held.subject || typed.mjml !== held.mjml || typed.text !== held.text;
}

// In this tab's memory too: the Dashboard reloads its frames at will, and asks nobody.
const held = new Map<string, Unsaved>(read());

/** What was typed and not saved, if anything was. */
export function unsaved(key: string, language: string): Unsaved | undefined {
  return held.get(`${key}/${language}`);
}

/** The languages of a template in which something was typed and not saved. */
export function unsavedLanguages(key: string): string[] {
  return [...held.keys()].filter((one) => one.startsWith(`${key}/`)).map((one) => one.slice(key.length + 1));
}

/** Keeps what is typed until it is saved; null: it was, or is thrown away. */
export function keep(key: string, language: string, words: Unsaved | null): void {
  if (words === null) held.delete(`${key}/${language}`);
  else held.set(`${key}/${language}`, words);
  remember("unsaved", JSON.stringify([...held]));
}

/** Does what is typed outlive this page? Some browsers keep nothing for frames of other sites. */
export function isKept(): boolean {
  return remembered("unsaved") !== undefined;
}

/** Forgets what was typed in any language of a template. */
export function forget(key: string): void {
  for (const language of unsavedLanguages(key)) keep(key, language, null);
}

function read(): [string, Unsaved][] {
  try {
    return JSON.parse(remembered("unsaved") ?? "[]") as [string, Unsaved][];
  } catch {
    return [];
  }
}

// Where it does not, leaving is at least asked about, if the Dashboard lets its frames ask.
window.addEventListener("beforeunload", (event) => {
  if (held.size > 0 && !isKept()) event.preventDefault();
});
