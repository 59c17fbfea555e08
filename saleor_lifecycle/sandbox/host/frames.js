// The frames of a page and what their apps ask for: widgets, one popup, the app's own page.

import { frameAddress, log, openFrame } from "./bridge.js";
import { ask, settings } from "./session.js";

const FIELDS = "id label url mountName targetName identifier settings accessToken app { id name appUrl }";
const LONGEST_PARAMS = 2048;
const popup = document.getElementById("popup");

/** The frames that stand on the page; `toRefresh` reloads what the page shows. */
export const frames = [];
let loaded = [];
let toRefresh = () => {};

export const onRefresh = (refresh) => (toRefresh = refresh);

/** The extensions at these mounts, whoever may use them: only the token is missing where a permission is. */
export async function extensionsAt(...mounts) {
    const query = `query ($mounts: [String!]) { appExtensions(first: 100, filter: {mountName: $mounts}) { edges { node { ${FIELDS} } } } }`;
    const found = (await ask(query, { mounts })).appExtensions?.edges.map((edge) => edge.node) ?? [];
    loaded = [...loaded.filter((one) => !found.some((other) => other.id === one.id)), ...found];
    return found;
}

async function extensionToken(id) {
    const query = "query ($id: ID!) { appExtension(id: $id) { accessToken } }";
    return (await ask(query, { id })).appExtension?.accessToken ?? "";
}

export function openWidget(place, extension, params) {
    const app = extension.app.id;
    // Twice, as in the Dashboard: the widget's address is made complete, and then once more by its frame.
    const source = (theme) => frameAddress(frameAddress(extension.url, app, params), app, params, theme);
    const token = extension.accessToken ?? "";
    const refetch = () => extensionToken(extension.id);
    return add(
        openFrame(place, { kind: "widget", title: extension.label, source, token, refetch, act: actionsOf(app) }),
    );
}

export async function openPopup(extension, params) {
    closePopup();
    const source = (theme) => frameAddress(extension.url, extension.app.id, params, theme);
    const token = await extensionToken(extension.id);
    popup.querySelector("b").textContent = extension.label;
    popup.showModal();
    const place = popup.querySelector(".place");
    // No refetch: a popup's token is never refreshed.
    add(openFrame(place, { kind: "popup", title: extension.label, source, token, act: actionsOf(extension.app.id) }));
}

export async function openAppPage(place, id, path) {
    const query = "query ($id: ID!) { app(id: $id) { id name version appUrl accessToken } }";
    const { app } = await ask(query, { id });
    if (!app?.appUrl) return null;
    const address = path ? `${app.appUrl.replace(/\/$/, "")}/${path}` : app.appUrl;
    const source = (theme) => frameAddress(address, id, {}, theme);
    const refetch = async () => (await ask(query, { id })).app?.accessToken ?? "";
    add(
        openFrame(place, {
            kind: "app",
            title: app.name,
            source,
            token: app.accessToken ?? "",
            refetch,
            act: actionsOf(id),
        }),
    );
    return app;
}

function add(frame) {
    frames.push(frame);
    return frame;
}

function closePopup() {
    const at = frames.findIndex((frame) => frame.kind === "popup");
    if (at >= 0) frames.splice(at, 1)[0].close();
    popup.close();
}

popup.addEventListener("close", closePopup);
popup.querySelector("[data-test-id=popup-close]").addEventListener("click", closePopup);

/** Whether each action was carried out; undefined for one that the Dashboard does not know. */
function actionsOf(app) {
    const actions = {
        notification: (payload) => toast(payload),
        redirect: (payload) => redirect(payload, app),
        updateRouting: ({ newRoute }) =>
            pushPath(`/extensions/app/${encodeURIComponent(app)}/${newRoute.replace(/^\//, "")}`),
        requestPermissions: ({ permissions, redirectPath }) => {
            if (!permissions.length || !redirectPath) return false;
            const query = new URLSearchParams({ requestedPermissions: permissions.join(","), redirectPath });
            return go(`/extensions/app/${encodeURIComponent(app)}/request-permissions?${query}`);
        },
        popupClose: () => closePopup() ?? true,
        refreshEntity: () => toRefresh() !== null,
        openPopup: (payload, frame) => {
            const { extensionIdentifier, appParams } = payload;
            const wanted = loaded.find(
                (one) => one.app.id === app && one.identifier === extensionIdentifier && one.targetName === "POPUP",
            );
            const params = appParams ?? ""; // in base64 already: the SDK does that, and the Dashboard hands it on
            if (frame.kind !== "widget" || !wanted || params.length > LONGEST_PARAMS) return false;
            openPopup(wanted, params ? { appParams: params } : {});
            return true;
        },
    };
    return (type, payload, frame) => actions[type]?.(payload, frame);
}

function redirect({ to, newContext }, app) {
    const own = `/extensions/app/${encodeURIComponent(app)}`;
    if (to.startsWith("/")) {
        if (newContext) return window.open(settings.mount + to) !== undefined;
        const isDeep = to.startsWith(own) && location.pathname.startsWith(settings.mount + own);
        return isDeep ? pushPath(to) : go(to);
    }
    if (newContext) return window.open(to) !== undefined;
    const isSure = window.confirm("You are about to leave the Dashboard. Do you want to continue?");
    if (isSure) location.assign(to);
    return isSure;
}

/** The address changes, the page does not. */
function pushPath(path) {
    history.pushState(null, "", settings.mount + path);
    return true;
}

function go(path) {
    setTimeout(() => location.assign(settings.mount + path)); // the answer leaves first
    return true;
}

const TOAST_MS = 6000;

/** Shows a notification; one that says the same as another on the screen is not shown again. */
export function toast({ status = "info", title = "", text = "", apiMessage }) {
    const words = [title, text, apiMessage].filter(Boolean);
    const place = document.getElementById("toasts");
    if ([...place.children].some((one) => one.dataset.words === words.join("\n"))) return true;
    const box = document.createElement("div");
    box.className = `toast ${status}`;
    box.dataset.testId = "toast";
    box.dataset.words = words.join("\n");
    box.setAttribute("role", "status");
    words.forEach((word, n) => box.append(Object.assign(document.createElement(n ? "p" : "b"), { textContent: word })));
    place.append(box);
    setTimeout(() => box.remove(), TOAST_MS);
    return true;
}

window.host = { log, frames };
