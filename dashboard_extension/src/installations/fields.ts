import type { InstallationInput, OverviewQuery } from "../generated/dashboard";
import type { Errors } from "../frame/question";
import type { WordId } from "../words/en";

export type FieldName = keyof InstallationInput;

type Installation = OverviewQuery["installation"];

export const GROUPS = [
  { title: "settings.sender", fields: ["senderName", "senderEmail", "replyTo"] },
  { title: "settings.company", fields: ["company", "taxId", "postalAddress", "contactEmail", "privacyUrl"] },
  { title: "settings.shop", fields: ["storefrontUrl", "cartUrl", "productUrl"] },
  { title: "settings.look", fields: ["logoUrl", "color", "textColor"] },
  { title: "settings.data", fields: ["timeZone", "language", "consentKey"] },
] as const satisfies readonly { title: WordId; fields: readonly FieldName[] }[];

const HELP = {
  cartUrl: "field.cartUrl.help",
  productUrl: "field.productUrl.help",
  color: "field.color.help",
  textColor: "field.textColor.help",
  language: "field.language.help",
  timeZone: "field.timeZone.help",
  consentKey: "field.consentKey.help",
} as const satisfies Partial<Record<FieldName, WordId>>;

/** The text that explains a field, if one is needed. */
export function help(field: FieldName): WordId | null {
  return field in HELP ? HELP[field as keyof typeof HELP] : null;
}

/** What a field holds now. */
export function held(installation: Installation, field: FieldName): string {
  if (field === "timeZone" || field === "language" || field === "consentKey") return installation[field];
  return installation.brand[field];
}

/** The text for what was wrong with a field, or null where only the server has words for it. */
export function wrong(error: Errors): WordId | null {
  if (error.code === "REQUIRED") return "wrong.REQUIRED";
  const field = error.field ?? "";
  if (field === "cartUrl") return "wrong.cartUrl";
  if (field === "productUrl") return null;
  if (field === "timeZone") return "wrong.timeZone";
  if (/email$/i.test(field) || field === "replyTo") return "wrong.email";
  return /url$/i.test(field) ? "wrong.url" : null;
}
