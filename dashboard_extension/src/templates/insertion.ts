/** What is written for a name where the text goes on after `before`: the value, or a loop over the list it stands in. */
export function insertionOf(name: string, before: string): string {
  const [list, rest] = name.split("[]", 2) as [string, string?];
  if (rest === undefined) return `{{ ${name} }}`;
  const held = loopVariable(list, before);
  if (held !== null) return `{{ ${held}${rest} }}`;
  const item = singular(list.split(".").at(-1) ?? list);
  return `{% for ${item} in ${list} %}{{ ${item}${rest} }}{% endfor %}`;
}

/** The name that each of the list's items has in the loop over it that is still open, if one is. */
function loopVariable(list: string, before: string): string | null {
  const open: { item: string; list: string }[] = [];
  for (const [, item, over] of before.matchAll(/\{%-?\s*(?:for\s+(\w+)\s+in\s+([\w.]+)|endfor)[^%]*%\}/g)) {
    if (item !== undefined && over !== undefined) open.push({ item, list: over });
    else open.pop();
  }
  return open.findLast((one) => one.list === list)?.item ?? null;
}

function singular(word: string): string {
  return word.endsWith("s") ? word.slice(0, -1) : `one_${word}`;
}
