import { useSyncExternalStore } from "react";

// The same width as in style.css.
const wide = window.matchMedia("(min-width: 700px)");

function subscribe(listener: () => void): () => void {
  wide.addEventListener("change", listener);
  return () => wide.removeEventListener("change", listener);
}

/** Is there room for all that is known? Not in a widget. */
export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => wide.matches);
}
