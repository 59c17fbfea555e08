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
const ROOT = new URL("../../", document.baseURI);

/** The answer to one operation. Throws Refused. */
export async function request<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await call("graphql/dashboard/", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  const answer = (await response.json().catch(() => ({}))) as Answer<Data>;
  const [error] = answer.errors ?? [];
  if (error) throw refusal(error.extensions?.code, error.extensions?.permission);
  if (!answer.data) throw new Refused("broken");
  return answer.data;
}

interface Call {
  method: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string | Blob;
}

/** What the app answers below its root. Throws Refused. An expired token is waited for once, and it is asked again. */
export async function call(path: string, what: Call): Promise<Response> {
  // The token is read at each call: the one of a minute ago may be dead.
  const token = currentFrame().token ?? (await newToken(null));
  if (token === null) throw new Refused("expired");
  try {
    return await callWith(token, path, what);
  } catch (refusal) {
    if (!(refusal instanceof Refused) || refusal.why !== "expired") throw refusal;
    const next = await newToken(token);
    if (next === null) throw refusal;
    return callWith(next, path, what);
  }
}

async function callWith(token: string, path: string, { headers, ...what }: Call): Promise<Response> {
  if (token === "") throw new Refused("forbidden");
  const response = await fetch(new URL(path, ROOT), {
    ...what,
    // What is wrong with what was given, the server says itself.
    headers: { ...headers, Authorization: `Bearer ${token}`, "Accept-Language": currentFrame().locale },
    credentials: "omit",
  }).catch(() => {
    throw new Refused("away");
  });
  if (response.status === 401) throw new Refused("expired");
  if (response.status >= 500) throw new Refused("away");
  return response;
}

function refusal(code = "", permission = ""): Refused {
  if (code === "UNAUTHENTICATED") return new Refused("expired");
  return code === "PERMISSION_DENIED" ? new Refused("forbidden", permission) : new Refused("broken");
}
