import { useId, useState, type KeyboardEvent, type ReactNode } from "react";

import { remember, remembered } from "./memory";

interface Tab {
  key: string;
  title: string;
  /** `go` opens another tab. */
  content: (go: (key: string) => void) => ReactNode;
}

/** One of several parts of the page. Which one is remembered: the Dashboard reloads its frames at will. */
export function Tabs({ tabs, label }: { tabs: readonly [Tab, ...Tab[]]; label: string }) {
  const id = useId();
  const [key, setKey] = useState(remembered("tab"));
  const open = tabs.find((tab) => tab.key === key) ?? tabs[0];
  const choose = (tab: Tab) => {
    remember("tab", tab.key);
    setKey(tab.key);
  };
  const go = (key: string) => {
    const tab = tabs.find((one) => one.key === key);
    if (tab) choose(tab);
  };
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs.at((tabs.indexOf(open) + step) % tabs.length) ?? open;
    choose(next);
    document.getElementById(`${id}-${next.key}`)?.focus();
  };
  return (
    <>
      <div className="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            id={`${id}-${tab.key}`}
            type="button"
            role="tab"
            aria-selected={tab === open}
            aria-controls={`${id}-panel`}
            tabIndex={tab === open ? 0 : -1}
            onClick={() => choose(tab)}
          >
            {tab.title}
          </button>
        ))}
      </div>
      <div className="stack" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${open.key}`} key={open.key}>
        {open.content(go)}
      </div>
    </>
  );
}
