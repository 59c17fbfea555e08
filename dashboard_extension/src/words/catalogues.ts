import { createIntl, createIntlCache, type IntlShape } from "react-intl";

import { en } from "./en";
import { language } from "./language";

const cache = createIntlCache();
const english = createIntl({ locale: "en", messages: en }, cache);
let spanish: IntlShape | null = null;

/** The texts for a locale; English until those of another language were fetched. */
export function catalogue(locale: string): IntlShape {
  return language(locale) === "es" && spanish ? spanish : english;
}

/** Fetch the texts of the locale's language, unless they are here; without them the page speaks English. */
export async function learn(locale: string): Promise<void> {
  if (language(locale) !== "es" || spanish) return;
  try {
    const { es } = await import("./es");
    spanish = createIntl({ locale: "es", messages: es }, cache);
  } catch {
    // The next change of the language asks again.
  }
}
