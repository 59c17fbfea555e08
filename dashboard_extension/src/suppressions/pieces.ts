/** How many lines the app takes in at once. */
const MOST = 1000;

export interface Piece {
  csv: string;
  /** What is added to a line's number in the piece to get its number in the file. */
  before: number;
}

/** A file in pieces that the app takes, each with the first line where that names the columns. */
export function pieces(text: string, most = MOST): Piece[] {
  const lines = text.replace(/^\ufeff/, "").match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const [first = ""] = lines;
  // As the app reads it: a line that holds an address, a number or a mark of an earlier file names no columns.
  const isHeader = !/\S@\S|\d{5}|[0-9a-f]{64}/i.test(first);
  const header = isHeader ? [first.endsWith("\n") ? first : `${first}\n`] : [];
  const rows = isHeader ? lines.slice(1) : lines;
  const size = most - header.length;
  const found: Piece[] = [];
  for (let start = 0; start < rows.length; start += size) {
    found.push({ csv: [...header, ...rows.slice(start, start + size)].join(""), before: start });
  }
  return found;
}
