import { actions, AppBridge } from "@saleor/app-sdk/app-bridge";

import { learn } from "../words/catalogues";
import { remember, remembered, type Theme } from "./memory";

/** How long a refused call waits for the Dashboard to send a new token. */
const TOKEN_WAIT = 5000;

/** What the Dashboard has told so far. `token` is "" for a person who may not see the extension, null before the handshake. */
export interface Frame {
  token: string | null;
  theme: Theme;
  locale: string;
  dashboardVersion: string;
}

const parameters = new URLSearchParams(window.location.search);

let frame: Frame = {
  token: null,
  // The address may hold an old theme: a reload keeps it, and no `theme` event follows. What this tab saw last wins.
  theme: remembered("theme") ?? (parameter("theme") === "dark" ? "dark" : "light"),
  // The Dashboard's own default too; it tells its locale once, and a frame that is loaded twice may not hear it.
  locale: remembered("locale") ?? navigator.language,
  dashboardVersion: "",
};

const listeners = new Set<() => void>();

/** Connects to the Dashboard. Throws where the browser calls the page insecure: no https, and not localhost. */
export function connect(): void {
  // Before the SDK's own listener: with an empty token that one throws, and then tells nobody of anything.
  window.addEventListener("message", (event: MessageEvent<{ type?: string; payload?: { token?: string } } | null>) => {
    if (event.origin !== dashboard || event.data?.type !== "handshake" || event.data.payload?.token) return;
    event.stopImmediatePropagation();
    change({ token: "" });
  });
  // `ready` is sent by hand, after all who listen are in place.
  bridge = new AppBridge({ autoNotifyReady: false });
  bridge.subscribe("handshake", ({ token, dashboardVersion }) =>
    change({ token, dashboardVersion: dashboardVersion ?? "" }),
  );
  bridge.subscribe("tokenRefresh", ({ token }) => change({ token }));
  bridge.subscribe("theme", ({ theme }) => {
    remember("theme", theme);
    change({ theme });
  });
  bridge.subscribe("localeChanged", ({ locale }) => {
    remember("locale", locale);
    void learn(locale).then(() => change({ locale }));
  });
  quietly(bridge.dispatch(actions.NotifyReady()));
}

let bridge: AppBridge | undefined;
const dashboard = document.referrer ? new URL(document.referrer).origin : "";

/** What the Dashboard has told so far; a new object with each change. */
export function currentFrame(): Frame {
  return frame;
}

/** Calls `listener` after each change, until the function that is returned is called. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(news: Partial<Frame>): void {
  frame = { ...frame, ...news };
  for (const listener of [...listeners]) listener();
}

/** The last value of a query parameter: the Dashboard puts its own page's parameters in front of ours. */
export function parameter(name: string): string | null {
  return parameters.getAll(name).at(-1) ?? null;
}

/** The customer that the page is about, from the query or from the widget that opened this popup. */
export function customerId(): string | null {
  const given = bridge?.getState().appParams;
  const opened = typeof given === "object" && given !== null && "customerId" in given ? given.customerId : null;
  return parameter("customerId") ?? (typeof opened === "string" ? opened : null);
}

/** A token other than `used`, or null when none comes in time. */
export function newToken(used: string | null): Promise<string | null> {
  return new Promise((resolve) => {
    const settle = (token: string | null) => {
      clearTimeout(timer);
      stop();
      resolve(token);
    };
    const look = () => {
      if (frame.token !== null && frame.token !== used) settle(frame.token);
    };
    const stop = subscribe(look);
    const timer = setTimeout(() => settle(null), TOKEN_WAIT);
    look();
  });
}

/** Shows the Dashboard's own toast. */
export function notify(title: string): void {
  quietly(bridge?.dispatch(actions.Notification({ status: "success", title })));
}

/** Leads the Dashboard to one of its pages. */
export function lead(to: string): void {
  quietly(bridge?.dispatch(actions.Redirect({ to })));
}

/** Are we the widget, and not the popup? That is as wide as the window, and what it says of its height goes for both. */
const isWidget = () => window.innerWidth < 600 && parameter("appParams") === null;

/** Says how high the widget is. Dashboards before 3.23 do not answer and keep their 200 px. */
export function resize(height: number): void {
  if (height > 0 && isWidget()) quietly(bridge?.dispatch(actions.WidgetResize({ height: Math.ceil(height) })));
}

/** Opens the same customer in the popup. */
export function openPopup(customer: string): void {
  const popup = { extensionIdentifier: "lifecycle.customer", params: { customerId: customer } };
  quietly(bridge?.dispatch(actions.OpenPopup(popup)));
}

/** Can this Dashboard open our popup from here? Only from a widget, and from 3.23.19 on. */
export function canOpenPopup(): boolean {
  const [major = 0, minor = 0, patch = 0] = frame.dashboardVersion.replace(/^v/, "").split(".").map(Number);
  const isNewEnough = major > 3 || (major === 3 && (minor > 23 || (minor === 23 && patch >= 19)));
  return isNewEnough && isWidget();
}

// An older Dashboard leaves an action unanswered; nothing here depends on the answer.
function quietly(dispatched: Promise<void> | undefined): void {
  dispatched?.catch(() => undefined);
}
