import type { TypedDocumentString } from "../generated/dashboard";

import { currentFrame, newToken } from "./bridge";

/** Why there is no answer. The page that shows it says what to do next. */
export class Refused extends Error {
  constructor(
    readonly why: "expired" | "forbidden" | "away" | "broken",
    readonly permission = "",
  ) {
    super(`${why} ${permission}`.trim());
  }
}

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: string; permission?: string } }[];
}

// index.html says by <base> where the built files are: <the app's root>/static/dashboard/.
const ADDRESS = new URL("../../graphql/dashboard/", document.baseURI);

/** The answer to one operation. Throws Refused. An expired token is waited for once, and the operation asked again. */
export async function request<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  // The token is read at each call: the one of a minute ago may be dead.
  const token = currentFrame().token ?? (await newToken(null));
  if (token === null) throw new Refused("expired");
  try {
    return await ask(document, variables, token);
  } catch (refusal) {
    if (!(refusal instanceof Refused) || refusal.why !== "expired") throw refusal;
    const next = await newToken(token);
    if (next === null) throw refusal;
    return ask(document, variables, next);
  }
}

async function ask<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  token: string,
): Promise<Data> {
  if (token === "") throw new Refused("forbidden");
  const response = await fetch(ADDRESS, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ query: document.toString(), variables }),
    credentials: "omit",
  }).catch(() => {
    throw new Refused("away");
  });
  if (response.status === 401) throw new Refused("expired");
  if (response.status >= 500) throw new Refused("away");
  const answer = (await response.json().catch(() => ({}))) as Answer<Data>;
  const [error] = answer.errors ?? [];
  if (error) throw refusal(error.extensions?.code, error.extensions?.permission);
  if (!answer.data) throw new Refused("broken");
  return answer.data;
}

function refusal(code = "", permission = ""): Refused {
  if (code === "UNAUTHENTICATED") return new Refused("expired");
  return code === "PERMISSION_DENIED" ? new Refused("forbidden", permission) : new Refused("broken");
}
