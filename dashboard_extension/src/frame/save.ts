import { call, Refused } from "./request";

/** Saves what the app answers below its root on the reader's own machine, under that name. Throws Refused. */
export async function save(path: string, name: string): Promise<void> {
  const response = await call(path, { method: "GET" });
  if (response.status === 403) throw new Refused("forbidden");
  if (!response.ok) throw new Refused("broken");
  // A link with the token in it would end in logs: the text is fetched, and handed over from here.
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
