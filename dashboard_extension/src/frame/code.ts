/** How a piece of MJML with Liquid in it is shown. */
export type Kind = "plain" | "tag" | "liquid" | "comment";

export interface Piece {
  kind: Kind;
  text: string;
}

const PIECE = /(<!--[\s\S]*?-->)|(\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\})|(<\/?[a-zA-Z][\w-]*|\/?>)/g;

/** The lines of a source, each in the pieces that it is shown in. */
export function lines(source: string): Piece[][] {
  const found: Piece[][] = [[]];
  const add = (kind: Kind, text: string) => {
    text.split("\n").forEach((part, index) => {
      if (index > 0) found.push([]);
      if (part !== "") found.at(-1)?.push({ kind, text: part });
    });
  };
  let end = 0;
  for (const match of source.matchAll(PIECE)) {
    add("plain", source.slice(end, match.index));
    add(match[1] !== undefined ? "comment" : match[2] !== undefined ? "liquid" : "tag", match[0]);
    end = match.index + match[0].length;
  }
  add("plain", source.slice(end));
  return found;
}

/** Where a line, counted from 1, begins and ends; the last one's for what is beyond it. */
export function placeOf(source: string, line: number): [number, number] {
  const before = source.split("\n").slice(0, Math.max(line, 1));
  const end = before.join("\n").length;
  return [end - (before.at(-1) ?? "").length, end];
}
