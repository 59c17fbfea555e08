/** Puts the text into the clipboard and says whether that worked. The Dashboard's frame has no Clipboard API. */
export function copy(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  // Deprecated, and the only way in a frame that was not granted clipboard-write.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const isCopied = document.execCommand("copy");
  field.remove();
  return isCopied;
}
