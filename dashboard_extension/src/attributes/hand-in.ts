import { call, Refused } from "../frame/request";
import { save } from "../frame/save";

/** Hands a file in, and returns why it was not taken, as a code, or null. Throws Refused. */
export async function handIn(file: File): Promise<string | null> {
  const response = await call(`files/customers?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file });
  if (response.ok) return null;
  const answer = (await response.json().catch(() => ({}))) as { errors?: { extensions?: { code?: string } }[] };
  const code = answer.errors?.[0]?.extensions?.code ?? "";
  if (code === "PERMISSION_DENIED") throw new Refused("forbidden");
  return code || "BROKEN_OFF";
}

/** Saves the refused lines of a file on the reader's own machine. Throws Refused. */
export function saveRefused(id: string): Promise<void> {
  return save(`files/customers/${id}/refused.csv`, "refused.csv");
}
