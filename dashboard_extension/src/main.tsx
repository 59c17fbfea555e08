import "@saleor/macaw-ui/style";
import "./style.css";

import { ThemeProvider, useTheme } from "@saleor/macaw-ui";
import { useEffect, useLayoutEffect, useState } from "react";
import { createRoot } from "react-dom/client";

import { CustomerPage } from "./customers/CustomerPage";
import { connect, currentFrame } from "./frame/bridge";
import { useFrame } from "./frame/question";
import { Outside } from "./frame/states";
import { OverviewPage } from "./installations/OverviewPage";
import { learn } from "./words/catalogues";
import { useWords } from "./words/words";

/** Milliseconds without a word from a Dashboard after which there is none. */
const HANDSHAKE_WAIT = 10_000;

/** Sets the theme and the language of the document to what the Dashboard says. */
function Look() {
  const { theme } = useFrame();
  const { setTheme } = useTheme();
  const { language } = useWords();
  useLayoutEffect(() => {
    setTheme(theme === "dark" ? "defaultDark" : "defaultLight");
    document.documentElement.dataset.theme = theme;
  }, [theme, setTheme]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return null;
}

/** One document for every page: the address alone says which. A navigation would lose the Dashboard for good. */
function Page({ isConnected }: { isConnected: boolean }) {
  const { token } = useFrame();
  const [isWaiting, setWaiting] = useState(true);
  useEffect(() => {
    const wait = setTimeout(() => setWaiting(false), HANDSHAKE_WAIT);
    return () => clearTimeout(wait);
  }, []);
  if (!isConnected) return <Outside why="insecure" />;
  if (token === null && !isWaiting) return <Outside why="outside" />;
  return /\/dashboard\/customer\/?$/.test(window.location.pathname) ? <CustomerPage /> : <OverviewPage />;
}

function isConnected(): boolean {
  try {
    connect();
    return true;
  } catch {
    return false;
  }
}

const root = document.getElementById("root");
const show = () => {
  if (!root) return;
  createRoot(root).render(
    <ThemeProvider defaultTheme={currentFrame().theme === "dark" ? "defaultDark" : "defaultLight"}>
      <Look />
      <Page isConnected={isConnected()} />
    </ThemeProvider>,
  );
};
void learn(currentFrame().locale).then(show);
