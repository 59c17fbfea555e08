const ELEMENT = /<mj-preview(?:\s[^>]*)?>([\s\S]*?)<\/mj-preview\s*>|<mj-preview(?:\s[^>]*)?\/>/;
const HEAD = /<mj-head(?:\s[^>]*)?>/;
const ROOT = /<mjml(?:\s[^>]*)?>/;
const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" } as const;

/** The line that mailboxes show after the subject: what stands in the MJML's <mj-preview>. */
export function preheaderOf(mjml: string): string {
  const text = ELEMENT.exec(mjml)?.[1] ?? "";
  return outsideLiquid(text.replace(/\s*\n\s*/g, " ").trim(), (plain) =>
    plain.replace(/&(?:lt|gt|amp);/g, (one) => ENTITIES[one as keyof typeof ENTITIES]),
  );
}

/** The MJML with another such line; without an <mj-preview> it gets one. */
export function withPreheader(mjml: string, text: string): string {
  const escaped = outsideLiquid(text, (plain) =>
    plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  );
  const element = `<mj-preview>${escaped}</mj-preview>`;
  if (ELEMENT.test(mjml)) return mjml.replace(ELEMENT, () => element);
  if (text === "") return mjml;
  if (HEAD.test(mjml)) return mjml.replace(HEAD, (head) => `${head}\n    ${element}`);
  return mjml.replace(ROOT, (root) => `${root}\n  <mj-head>\n    ${element}\n  </mj-head>`);
}

function outsideLiquid(text: string, changed: (plain: string) => string): string {
  return text
    .split(/(\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\})/)
    .map((piece, index) => (index % 2 === 0 ? changed(piece) : piece))
    .join("");
}
