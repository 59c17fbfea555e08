import { call, Refused } from "../frame/request";

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
export async function saveRefused(id: string): Promise<void> {
  const response = await call(`files/customers/${id}/refused.csv`, { method: "GET" });
  if (!response.ok) throw new Refused("broken");
  // A link with the token in it would end in logs: the lines are fetched, and handed over from here.
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = "refused.csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
