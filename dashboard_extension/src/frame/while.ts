import { useEffect } from "react";

const EVERY = 5000;

/** Asks again every five seconds while something is on its way and the page is looked at. */
export function useWhile(isOnItsWay: boolean, again: () => Promise<void>): void {
  useEffect(() => {
    if (!isOnItsWay) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void again();
    }, EVERY);
    return () => clearInterval(timer);
  }, [isOnItsWay, again]);
}
