// The Dashboard's side of the AppBridge, for one framed document: handshake, events, actions.
// It follows Saleor Dashboard 3.23, its weak points included, because an extension has to live with them.

import { setting, settings } from "./session.js";

export const DASHBOARD_VERSION = "v3.23.27";
const SANDBOX = "allow-same-origin allow-forms allow-scripts allow-downloads allow-popups";
const TALLEST = 5000;

/** Every message, for tests and for whoever looks: {frame, way, type, payload}. */
export const log = [];

/** The address of a frame: the Dashboard's own query string stands in front of what the app is told. */
export function frameAddress(address, appId, params, theme) {
    const told = new URLSearchParams({
        domain: new URL(settings.apiUrl).host,
        saleorApiUrl: settings.apiUrl,
        id: appId,
        ...params,
        "featureFlags[sandbox]": "true",
        ...(theme ? { theme } : {}),
    });
    const parts = [location.search.slice(1), told.toString()].filter(Boolean);
    return address + (address.includes("?") ? "&" : "?") + parts.join("&");
}

/**
 * A frame in `place`. `kind` is widget, popup or app; `source(theme)` gives its address, `refetch` a new token
 * (absent: never refreshed, as for popups); `act(action, frame)` carries out what is not about the frame itself.
 */
export function openFrame(place, { kind, title, source, token, refetch, act }) {
    const element = document.createElement("iframe");
    const frame = { kind, element, token, origin: new URL(source()).origin };
    let greeted = false;
    let themeInAddress;
    let timer;
    const ending = new AbortController();

    const post = (type, payload) => {
        log.push({ frame: kind, way: "out", type, payload });
        element.contentWindow?.postMessage({ type, payload }, frame.origin);
    };
    const handshake = () => {
        const saleorVersion = kind === "app" ? settings.saleorVersion : "";
        post("handshake", { token: frame.token, version: 1, saleorVersion, dashboardVersion: DASHBOARD_VERSION });
    };
    const greet = () => {
        if (greeted) return; // told once, also when the document is a new one
        greeted = true;
        post("localeChanged", { locale: setting("locale") });
        post("theme", { theme: setting("theme") });
        post("redirect", { path: location.pathname });
        if (setting("loads") === "late") reload(setting("theme"));
    };
    const reload = (theme = themeInAddress) => {
        themeInAddress = theme;
        const address = source(theme);
        if (element.getAttribute("src") !== address) element.src = address;
    };

    const wait = () => {
        clearTimeout(timer);
        if (!refetch || setting("ahead") === "off" || setting("token") === "expired" || !frame.token) return;
        const left = expiry(frame.token) * 1000 - Date.now() - Number(setting("ahead")) * 1000;
        timer = setTimeout(async () => give(await refetch()), Math.max(left, 1000));
    };
    const give = (token) => {
        const before = frame.token;
        frame.token = token;
        if (greeted && before && before !== token) post("tokenRefresh", { token });
        wait();
    };

    const answer = ({ type, payload }) => {
        log.push({ frame: kind, way: "in", type, payload });
        const respond = (ok) => post("response", { actionId: payload.actionId, ok });
        if (type === "notifyReady") {
            handshake();
            respond(true);
            greet();
        } else if (type === "widgetResize") {
            element.style.height = `${Math.min(Math.max(Math.ceil(payload.height), 1), TALLEST)}px`;
            respond(true);
        } else {
            const ok = act(type, payload, frame);
            if (ok === undefined) throw new Error(`Unknown action type: ${type}`); // the app waits in vain
            if (element.isConnected) respond(ok);
        }
    };
    // By origin, not by frame: of two frames of one app, each carries out what either asks.
    window.addEventListener("message", (event) => event.origin === frame.origin && answer(event.data), {
        signal: ending.signal,
    });

    element.dataset.testId = "app-frame";
    element.name = kind;
    element.title = title;
    element.setAttribute("sandbox", SANDBOX);
    element.addEventListener("load", () => {
        handshake();
        greet();
    });
    element.src = source();
    place.replaceChildren(element);
    if (setting("loads") === "twice") setTimeout(() => reload(setting("theme")));
    wait();

    return Object.assign(frame, {
        give,
        reload: () => reload(),
        stopRefreshing: () => clearTimeout(timer),
        tellTheme: () => greeted && post("theme", { theme: setting("theme") }),
        tellLocale: () => greeted && post("localeChanged", { locale: setting("locale") }),
        refetch,
        close() {
            clearTimeout(timer);
            ending.abort();
            element.remove();
        },
    });
}

/** When a token ends, in seconds since 1970. */
export function expiry(token) {
    const claims = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    return JSON.parse(atob(claims)).exp;
}
