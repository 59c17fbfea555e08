export type Look = "light" | "dark";

const ASKED = /\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/g;

/** A mail's HTML as mail programs in that look show it, whatever the browser's own look is; its links open nowhere. */
export function shownIn(html: string, look: Look): string {
  // Always, and never: what the frame's width can be, and what it cannot.
  const asked = html.replace(ASKED, (_, one) => (one === look ? "(min-width: 1px)" : "(max-width: 0px)"));
  // A new tab is what the sandbox refuses; in the frame itself a link would take the mail's place.
  const scheme = `<base target="_blank"><style>:root { color-scheme: ${look} !important; }</style>`;
  return /<head\b[^>]*>/.test(asked) ? asked.replace(/<head\b[^>]*>/, (head) => head + scheme) : scheme + asked;
}
