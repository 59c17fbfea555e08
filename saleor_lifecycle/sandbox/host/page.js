// What each path of the stand-in Dashboard shows, and the controls above it.

import { expiry } from "./bridge.js";
import { extensionsAt, frames, onRefresh, openAppPage, openPopup, openWidget } from "./frames.js";
import { ask, keep, setting, settings } from "./session.js";

const content = document.getElementById("content");
const button = (name) => document.querySelector(`[data-test-id="${name}"]`);
const path = (part) => settings.mount + part;

/** An element with attributes and children; text is never read as HTML. */
function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (key === "onclick") element.addEventListener("click", value);
        else element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
}

const customerPath = (id) => path(`/customers/${encodeURIComponent(id)}`);
const appPath = (id, rest = "") => path(`/extensions/app/${encodeURIComponent(id)}/${rest.replace(/^\//, "")}`);
const nameOf = (user) => `${user.firstName} ${user.lastName}`.trim() || user.email;
const day = (moment) => moment.slice(0, 10);

async function showHome() {
    const links = [make("p", {}, make("a", { href: path("/customers/") }, "Customers"))];
    if (settings.appId) links.push(make("p", {}, make("a", { href: appPath(settings.appId) }, "The app's page")));
    const anew =
        "No app with pages is installed. A shop reads a manifest once: an app that got pages since must be installed anew.";
    if (!settings.appId) links.push(make("p", { class: "note" }, anew));
    const lead = "It frames the app's extensions as Saleor's Dashboard does. The bar above changes what they are told.";
    content.replaceChildren(
        make("div", { class: "pad" }, make("h1", {}, "Dashboard"), make("p", { class: "soft lead" }, lead), ...links),
    );
}

async function showCustomers() {
    const query = "{ customers(first: 100) { edges { node { id email firstName lastName dateJoined } } } }";
    const { customers } = await ask(query);
    if (!customers) return showDenied("customers");
    const rows = customers.edges.map(({ node }) =>
        make(
            "tr",
            {},
            make("td", {}, make("a", { href: customerPath(node.id) }, nameOf(node))),
            make("td", {}, node.email),
            make("td", { class: "number soft" }, day(node.dateJoined)),
        ),
    );
    const head = make(
        "tr",
        {},
        make("th", {}, "Customer"),
        make("th", {}, "E-mail"),
        make("th", { class: "number" }, "Joined"),
    );
    const table = make("table", { class: "list" }, make("thead", {}, head), make("tbody", {}, ...rows));
    const none = make("p", { class: "soft" }, "Nobody has an account yet: make one in the shop.");
    content.replaceChildren(make("div", { class: "pad" }, make("h1", {}, "Customers"), rows.length ? table : none));
}

async function showCustomer(id) {
    const details = make("div", { class: "details" });
    const user = await fillCustomer(details, id);
    if (!user) return showDenied("this customer");
    const [widgets, actions] = await Promise.all([
        extensionsAt("CUSTOMER_DETAILS_WIDGETS"),
        extensionsAt("CUSTOMER_DETAILS_MORE_ACTIONS"),
    ]);
    const sidebar = make("aside", { class: "sidebar" });
    const bar = make("div", { class: "bar" }, make("b", {}, nameOf(user)), ...moreActions(actions, id));
    content.replaceChildren(bar, make("div", { class: "columns" }, details, sidebar));
    sidebar.append(
        card(
            "Account status",
            make("p", { class: "small" }, user.isActive ? "User account active" : "Account not active"),
        ),
    );
    for (const extension of widgets) sidebar.append(widget(extension, id));
    onRefresh(() => fillCustomer(details, id));
}

async function fillCustomer(place, id) {
    const query =
        "query ($id: ID) { user(id: $id) { id email firstName lastName isActive isConfirmed dateJoined languageCode metadata { key value } } }";
    const { user } = await ask(query, { id });
    if (!user) return null;
    const facts = {
        "E-mail": user.email,
        "First name": user.firstName,
        "Last name": user.lastName,
        Joined: day(user.dateJoined),
        Language: user.languageCode,
    };
    const list = make(
        "dl",
        {},
        ...Object.entries(facts).flatMap(([term, fact]) => [make("dt", {}, term), make("dd", {}, fact || "–")]),
    );
    place.replaceChildren(card("Customer information", list));
    fillMetadata(user.metadata);
    return user;
}

function widget(extension, id) {
    const app = make("a", { href: appPath(extension.app.id), class: "widget-head" }, extension.label);
    const params = { customerId: id };
    if (extension.targetName !== "WIDGET") {
        return make(
            "p",
            { class: "pad" },
            make("button", { class: "link", onclick: () => follow(extension, params) }, extension.label),
        );
    }
    const place = make("div", { class: "widget" });
    if (extension.settings?.widgetTarget?.method === "POST")
        place.textContent = "A widget that is sent by POST: not played here.";
    else openWidget(place, extension, params);
    return make("div", { class: "card pad" }, app, place);
}

function moreActions(extensions, id) {
    const items = extensions.map((extension) =>
        make(
            "button",
            { role: "menuitem", onclick: () => (menu.hidden = true) && follow(extension, { customerId: id }) },
            extension.label,
        ),
    );
    const menu = make("div", { role: "menu", hidden: "" }, ...items);
    const toggle = make(
        "button",
        {
            "data-test-id": "more-actions",
            "aria-label": "More actions",
            "aria-haspopup": "menu",
            onclick: () => (menu.hidden = !menu.hidden),
        },
        "⋯",
    );
    return extensions.length ? [make("span", { class: "menu" }, toggle, menu)] : [];
}

/** Opens what an extension in a menu leads to. */
function follow(extension, params) {
    const query = new URLSearchParams(params);
    if (extension.targetName === "POPUP") openPopup(extension, params);
    else if (extension.targetName === "APP_PAGE")
        location.assign(`${appPath(extension.app.id, extension.url)}?${query}`);
    else window.open(`${extension.url}?${query}`);
}

async function showApp(id, rest) {
    const place = make("div", { class: "app-page" });
    const title = make("b", {}, "…");
    content.replaceChildren(make("div", { class: "bar" }, title), place);
    const app = await openAppPage(place, id, rest);
    if (!app) return showDenied("this app's page");
    title.textContent = app.name;
}

function showDenied(what) {
    const lead = `Nothing is shown of ${what}: it is not there, or the one who is signed in may not see it.`;
    content.replaceChildren(
        make("div", { class: "pad" }, make("h1", {}, "Not found"), make("p", { class: "soft" }, lead)),
    );
}

function showNothing() {
    const asked = new URLSearchParams(location.search).get("requestedPermissions");
    const lead = asked
        ? `The app asks for more permissions: ${asked.replaceAll(",", ", ")}.`
        : `This part of the Dashboard is not played here: ${location.pathname.replace(settings.mount, "")}`;
    content.replaceChildren(
        make("div", { class: "pad" }, make("h1", {}, "Elsewhere"), make("p", { class: "soft" }, lead)),
    );
}

const card = (title, ...children) => make("div", { class: "card pad" }, make("h2", {}, title), ...children);

async function showNavigation() {
    const entries = (await extensionsAt("NAVIGATION_CUSTOMERS")).filter((one) => one.accessToken !== null);
    const items = [
        ["/", "Home"],
        ["/customers/", "Customers"],
    ].map(([to, text]) => make("a", { href: path(to) }, text));
    items.push(...entries.map((one) => make("a", { href: appPath(one.app.id, one.url), class: "under" }, one.label)));
    if (settings.appId) items.push(make("a", { href: appPath(settings.appId) }, "Extensions"));
    for (const item of items) if (item.pathname === location.pathname) item.setAttribute("aria-current", "page");
    document.getElementById("nav").replaceChildren(...items);
}

function show() {
    const [, first, second, third, ...rest] = location.pathname
        .slice(settings.mount.length)
        .split("/")
        .map(decodeURIComponent);
    if (!first) return showHome();
    if (first === "customers") return second ? showCustomer(second) : showCustomers();
    if (first === "extensions" && second === "app" && rest[0] !== "request-permissions")
        return showApp(third, rest.join("/"));
    return showNothing();
}

// The controls.

const metadata = document.querySelector("dialog#metadata");

function fillMetadata(items) {
    const rows = items.map(({ key, value }) => make("tr", {}, make("td", {}, key), make("td", {}, value)));
    metadata
        .querySelector(".pad")
        .replaceChildren(rows.length ? make("table", {}, ...rows) : make("p", { class: "soft" }, "No metadata."));
}

/** The metadata dialog lives in the query string, and every frame is loaded again with it. */
function toggleMetadata() {
    const address = new URL(location.href);
    if (address.searchParams.has("action")) address.searchParams.delete("action");
    else address.searchParams.set("action", "view-metadata");
    history.pushState(null, "", address);
    followAddress();
}

function followAddress() {
    const isOpen = new URLSearchParams(location.search).get("action") === "view-metadata";
    button("metadata").setAttribute("aria-pressed", isOpen);
    if (isOpen) metadata.show();
    else metadata.close();
    for (const frame of frames) frame.reload();
}

function paint() {
    document.documentElement.dataset.theme = setting("theme");
    const chosen = { theme: setting("theme"), locale: setting("locale"), as: setting("as") };
    for (const element of document.querySelectorAll(".controls button")) {
        const [name, value] = element.dataset.testId.split("-");
        if (value) element.setAttribute("aria-pressed", chosen[name] === value);
    }
}

function choose(name, value, tell) {
    keep(name, value);
    paint();
    frames.forEach(tell);
}

/** The token's end comes now: the frames are told, and nothing more until it is refreshed by hand. */
async function expire() {
    keep("token", "expired");
    await giveTokens();
}

async function refresh() {
    keep("token", "good");
    await giveTokens();
}

async function giveTokens() {
    for (const frame of frames) {
        frame.stopRefreshing();
        if (frame.refetch) frame.give(await frame.refetch());
    }
}

function tick() {
    const token = frames.find((frame) => frame.token)?.token;
    const left = token ? Math.round(expiry(token) - Date.now() / 1000) : null;
    const state = left === null ? "none" : left > 0 ? `${left} s left` : "expired";
    document.getElementById("token-state").textContent = state;
}

for (const theme of ["light", "dark"]) {
    button(`theme-${theme}`).addEventListener("click", () => choose("theme", theme, (frame) => frame.tellTheme()));
}
for (const locale of ["en", "es"]) {
    button(`locale-${locale}`).addEventListener("click", () => choose("locale", locale, (frame) => frame.tellLocale()));
}
for (const person of ["admin", "orders"]) {
    button(`as-${person}`).addEventListener("click", () => {
        keep("as", person);
        location.reload();
    });
}
button("expire").addEventListener("click", expire);
button("refresh").addEventListener("click", refresh);
button("metadata").addEventListener("click", toggleMetadata);
metadata.querySelector("button").addEventListener("click", toggleMetadata);
window.addEventListener("popstate", followAddress);

fillMetadata([]);
paint();
setInterval(tick, 500);
showNavigation();
await show();
if (new URLSearchParams(location.search).has("action")) followAddress();
