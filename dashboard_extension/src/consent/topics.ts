import type { ConsentTopicInput, TopicFieldsFragment, TranslatedTextInput } from "../generated/dashboard";

export type Topic = TopicFieldsFragment;

/** The languages that a topic is named in here; in others it stays as it is. */
export const LANGUAGES = ["en", "es"] as const;
export type Language = (typeof LANGUAGES)[number];

export type TypedTexts = Record<Language, string>;

export interface TypedTopic {
  names: TypedTexts;
  descriptions: TypedTexts;
}

/** The text in a language, else in English, else the first. */
export function textIn(texts: readonly TranslatedTextInput[], language: string): string {
  const found = texts.find((one) => one.language === language) ?? texts.find((one) => one.language === "en");
  return (found ?? texts[0])?.text ?? "";
}

/** A topic's name to a reader of that language. */
export function topicName(topics: readonly Topic[], key: string, language: string): string {
  const topic = topics.find((one) => one.key === key);
  return (topic && textIn(topic.names, language)) || key;
}

/** What the form holds of a topic; of none, nothing. */
export function typedOf(topic?: Topic): TypedTopic {
  const held = (texts: readonly TranslatedTextInput[] = []): TypedTexts => ({
    en: texts.find(({ language }) => language === "en")?.text ?? "",
    es: texts.find(({ language }) => language === "es")?.text ?? "",
  });
  return { names: held(topic?.names), descriptions: held(topic?.descriptions) };
}

/** The topic as it is sent back unchanged. */
export function held({ key, names, descriptions }: Topic): ConsentTopicInput {
  return { key, names, descriptions };
}

/** The topic with what was typed; null while it has no name. A new one gets a key that none of `taken` is. */
export function inputOf(typed: TypedTopic, taken: readonly string[], topic?: Topic): ConsentTopicInput | null {
  const names = merged(typed.names, topic?.names);
  if (names.length === 0) return null;
  const key = topic?.key ?? newKey(typed.names.en || typed.names.es, taken);
  return { key, names, descriptions: merged(typed.descriptions, topic?.descriptions) };
}

function merged(typed: TypedTexts, before: readonly TranslatedTextInput[] = []): TranslatedTextInput[] {
  const mine = LANGUAGES.map((language) => ({ language, text: typed[language].trim() }));
  const others = before.filter(({ language }) => !LANGUAGES.includes(language as Language));
  return [...mine.filter(({ text }) => text !== ""), ...others];
}

function newKey(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize("NFD")
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 36)
    .replace(/-+$/, "");
  const first = plain || "topic";
  let key = first;
  for (let number = 2; taken.includes(key); number++) key = `${first}-${number}`;
  return key;
}

/** The list with the row at `place` one step further up (-1) or down (1). */
export function moved<Row>(rows: readonly Row[], place: number, step: 1 | -1): Row[] {
  const other = place + step;
  const [one, its] = [rows[place], rows[other]];
  if (one === undefined || its === undefined) return [...rows];
  return rows.map((row, at) => (at === place ? its : at === other ? one : row));
}
