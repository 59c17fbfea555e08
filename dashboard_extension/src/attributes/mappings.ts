import type { AttributeMappingInput, AttributeOrigin, AttributeType, MappingFieldsFragment } from "../generated/dashboard";

export const ORIGINS = ["USER", "CHECKOUT", "ORDER"] as const satisfies readonly AttributeOrigin[];
export const TYPES = ["TEXT", "NUMBER", "DATE", "BOOLEAN", "CHOICE", "PHONE"] as const satisfies readonly AttributeType[];

/** A mapping as it is typed; lists are words with commas between. */
export interface TypedMapping {
  origin: AttributeOrigin;
  key: string;
  isConsent: boolean;
  name: string;
  type: AttributeType;
  choices: string;
  isDayFirst: boolean;
  yes: string;
  no: string;
}

export const BLANK: TypedMapping = {
  origin: "USER",
  key: "",
  isConsent: false,
  name: "",
  type: "TEXT",
  choices: "",
  isDayFirst: false,
  yes: "",
  no: "",
};

/** The words between commas, without those that are empty. */
export function listed(text: string): string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);
}

/** What was typed as the schema takes it, or null while something is missing. */
export function inputOf(typed: TypedMapping): AttributeMappingInput | null {
  const { origin, type, isDayFirst } = typed;
  const [key, name, choices, yes, no] = [typed.key.trim(), typed.name.trim(), listed(typed.choices), listed(typed.yes), listed(typed.no)];
  if (key === "") return null;
  if (typed.isConsent) return yes.length > 0 && no.length > 0 ? { origin, key, consent: { yes, no } } : null;
  if (name === "" || (type === "CHOICE" && choices.length === 0)) return null;
  return { origin, key, attribute: { name, type, choices: type === "CHOICE" ? choices : [], isDayFirst } };
}

/** A mapping that holds, as the schema takes it: all of them are sent with each change. */
export function held({ origin, key, attribute, consent }: MappingFieldsFragment): AttributeMappingInput {
  return { origin, key, attribute, consent };
}
