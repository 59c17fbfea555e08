export type Theme = "light" | "dark";

interface Memory {
  theme: Theme;
  locale: string;
  /** Which part of the app's page is open. */
  tab: string;
  /** Which template is open; empty: none. */
  template: string;
  /** The key of the flow that is open; empty: none. */
  flow: string;
  /** Words of templates that were typed and not saved, as JSON. */
  unsaved: string;
}

// Per tab. The Dashboard tells both once, and not again when its query string reloads the frame. Browsers that keep
// storage from frames of other sites throw: then the address and the next event have to do.
export function remember<K extends keyof Memory>(key: K, value: Memory[K]): void {
  try {
    window.sessionStorage.setItem(`lifecycle.${key}`, value);
  } catch {
    // Nothing is lost but the memory.
  }
}

/** What was remembered in this tab, or undefined. */
export function remembered<K extends keyof Memory>(key: K): Memory[K] | undefined {
  try {
    return (window.sessionStorage.getItem(`lifecycle.${key}`) as Memory[K] | null) ?? undefined;
  } catch {
    return undefined;
  }
}
