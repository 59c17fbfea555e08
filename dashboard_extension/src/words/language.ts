/** The language of the texts: Spanish for Spanish of any country, else English. */
export function language(locale: string): "en" | "es" {
  return /^es\b/i.test(locale) ? "es" : "en";
}

/** The locale that figures and dates are written in: the Dashboard's, or the texts' where the browser knows it not. */
export function figures(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? language(locale);
  } catch {
    return language(locale);
  }
}
