import { useMemo } from "react";

import { useFrame } from "../frame/question";
import { catalogue } from "./catalogues";
import { en, type WordId } from "./en";
import { figures, language } from "./language";

export interface Money {
  amount: string;
  currency: string;
}

export interface Words {
  language: "en" | "es";
  /** As the Dashboard says it: what the server is asked to speak. */
  locale: string;
  say: (id: WordId, values?: Record<string, string | number>) => string;
  /** The text of a code that the server may know and this page not yet: then the code itself, readable. */
  name: (group: string, code: string, values?: Record<string, string | number>) => string;
  /** Is there a text of that id? */
  knows: (id: string) => id is WordId;
  number: (value: number) => string;
  share: (value: number) => string;
  /** A number of days, rounded, with the word. */
  days: (value: number) => string;
  day: (iso: string) => string;
  /** Of a day that is no moment, wherever the reader is. */
  wholeDay: (iso: string) => string;
  date: (iso: string) => string;
  /** With the year where it is not this one. */
  moment: (iso: string) => string;
  money: (money: Money) => string;
}

/** Texts in the reader's language; figures and dates as the Dashboard writes them, in the browser's time zone. */
export function useWords(): Words {
  const { locale } = useFrame();
  return useMemo(() => words(locale), [locale]);
}

/** The words for a Dashboard in that locale. */
export function words(locale: string): Words {
  const spoken = language(locale);
  const intl = catalogue(locale);
  const written = figures(locale);
  const say: Words["say"] = (id, values) => intl.formatMessage({ id }, values);
  const formatted = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(written, options);
    return (iso: string) => format.format(new Date(iso));
  };
  const minutes = { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" } as const;
  const thisYear = formatted(minutes);
  const otherYear = formatted({ ...minutes, year: "numeric" });
  const number = new Intl.NumberFormat(written);
  const share = new Intl.NumberFormat(written, { style: "percent", maximumFractionDigits: 0 });
  return {
    language: spoken,
    locale: written,
    say,
    name: (group, code, values) =>
      `${group}.${code}` in en ? say(`${group}.${code}` as WordId, values) : code.replaceAll("_", " "),
    knows: (id): id is WordId => id in en,
    number: (value) => number.format(value),
    share: (value) => share.format(value),
    days: (value) => say("days", { n: Math.round(value), count: number.format(Math.round(value)) }),
    day: formatted({ day: "numeric", month: "short", timeZone: "UTC" }),
    wholeDay: formatted({ day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }),
    date: formatted({ day: "numeric", month: "short", year: "numeric" }),
    moment: (iso) => (new Date(iso).getFullYear() === new Date().getFullYear() ? thisYear : otherYear)(iso),
    money: ({ amount, currency }) => {
      try {
        return new Intl.NumberFormat(written, { style: "currency", currency }).format(Number(amount));
      } catch {
        return `${amount} ${currency}`; // a code that is no currency to the browser
      }
    },
  };
}
