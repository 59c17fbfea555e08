// Who is signed in and how the Dashboard looks: settings of this tab, and questions to the shop's API.

export const settings = JSON.parse(document.getElementById("settings").textContent);

const DEFAULTS = {
    theme: "light",
    locale: "en",
    as: "admin",
    seconds: "300",
    ahead: "30",
    token: "good",
    loads: "twice",
};
const PREFIX = "host-";

/** Takes `host-…` from the address into the tab's memory, so that location.search is the Dashboard's own. */
function takeFromAddress() {
    const address = new URL(location.href);
    for (const name of Object.keys(DEFAULTS)) {
        const given = address.searchParams.get(PREFIX + name);
        if (given !== null) sessionStorage.setItem(PREFIX + name, given);
        address.searchParams.delete(PREFIX + name);
    }
    history.replaceState(null, "", address);
}

takeFromAddress();

export const setting = (name) => sessionStorage.getItem(PREFIX + name) ?? DEFAULTS[name];
export const keep = (name, value) => sessionStorage.setItem(PREFIX + name, value);

/** How long a token lives that is asked for now; below zero it is over already. */
const tokenSeconds = () => (setting("token") === "expired" ? "-60" : setting("seconds"));

const LOG_IN =
    "mutation ($email: String!, $password: String!) { tokenCreate(email: $email, password: $password) { token } }";
const LOGIN_SECONDS = 200;
let login = null;

async function post(query, variables, headers = {}) {
    const answer = await fetch(settings.apiUrl, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...headers },
        body: JSON.stringify({ query, variables }),
    });
    return answer.json();
}

async function staffToken() {
    if (!login || Date.now() > login.until) {
        const until = Date.now() + LOGIN_SECONDS * 1000;
        login = {
            until,
            token: post(LOG_IN, settings.people[setting("as")]).then((body) => body.data.tokenCreate.token),
        };
    }
    return login.token;
}

/** The API's data for the one who is signed in; what was denied is null. */
export async function ask(query, variables = {}) {
    const headers = { Authorization: `Bearer ${await staffToken()}`, "Sandbox-Token-Seconds": tokenSeconds() };
    return (await post(query, variables, headers)).data ?? {};
}
