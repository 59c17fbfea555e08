import type { AttributeType, CustomerFileMappingInput, FileMappingFieldsFragment } from "../generated/dashboard";
import { listed } from "./mappings";

const SINGLE = [
  "email",
  "firstName",
  "lastName",
  "language",
  "consent",
  "consentDate",
  "consentSource",
  "consentText",
] as const;

/** What a column may mean; all but an attribute at most one column can. */
export const MEANINGS = ["nothing", ...SINGLE, "attribute"] as const;

export type Meaning = (typeof MEANINGS)[number];

export interface Column {
  meaning: Meaning;
  name: string;
  type: AttributeType;
}

/** A file's mapping as it is typed. */
export interface TypedFile {
  columns: readonly Column[];
  yes: string;
  no: string;
  neither: string;
  everyone: "" | "yes" | "no";
  isDayFirst: boolean;
  date: string;
  source: string;
  text: string;
}

/** The fields of a mapping that holds or was guessed; without one nothing means anything yet. */
export function typedOf(names: readonly string[], mapping: FileMappingFieldsFragment | null): TypedFile {
  const columns = names.map((name, place): Column => {
    const attribute = mapping?.attributes.find(({ column }) => column === place)?.attribute;
    const meaning = SINGLE.find((one) => mapping?.[one] === place) ?? (attribute ? "attribute" : "nothing");
    return { meaning, name: attribute?.name ?? name, type: attribute?.type ?? "TEXT" };
  });
  return {
    columns,
    yes: mapping?.yes.join(", ") ?? "",
    no: mapping?.no.join(", ") ?? "",
    neither: mapping?.neither.join(", ") ?? "",
    everyone: mapping?.everyone == null ? "" : mapping.everyone ? "yes" : "no",
    isDayFirst: mapping?.isDayFirst ?? false,
    date: mapping?.date ?? "",
    source: mapping?.source ?? "",
    text: mapping?.text ?? "",
  };
}

/** The same as the schema takes it; null without a column of e-mails, or when two columns mean the same. */
export function fileMapping(typed: TypedFile): CustomerFileMappingInput | null {
  const places = new Map<string, number>();
  for (const [place, { meaning }] of typed.columns.entries()) {
    if (meaning === "nothing" || meaning === "attribute") continue;
    if (places.has(meaning)) return null;
    places.set(meaning, place);
  }
  const email = places.get("email");
  if (email === undefined) return null;
  const attributes = [...typed.columns.entries()]
    .filter(([, { meaning }]) => meaning === "attribute")
    .map(([column, { name, type }]) => ({ column, attribute: { name: name.trim(), type, choices: [], isDayFirst: typed.isDayFirst } }));
  return {
    ...Object.fromEntries(SINGLE.map((one) => [one, places.get(one) ?? null])),
    email,
    attributes,
    yes: listed(typed.yes),
    no: listed(typed.no),
    neither: listed(typed.neither),
    everyone: typed.everyone === "" ? null : typed.everyone === "yes",
    isDayFirst: typed.isDayFirst,
    date: typed.date.trim(),
    source: typed.source.trim(),
    text: typed.text.trim(),
  };
}
