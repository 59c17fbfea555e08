import { Component, lazy, Suspense, type ComponentType, type ReactNode } from "react";

import { useWords } from "../words/words";
import { Loading, State } from "./states";

/** A part of a page that is fetched when it is first shown: the first page stays small. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const Part = lazy(async () => ({ default: await load() })) as unknown as ComponentType<Props>;
  return function Later(props: Props) {
    return (
      <Caught>
        <Suspense fallback={<Loading lines={6} />}>
          <Part {...props} />
        </Suspense>
      </Caught>
    );
  };
}

/** A newer version of the app may have taken the part away while the page was open. */
class Caught extends Component<{ children: ReactNode }, { isGone: boolean }> {
  override state = { isGone: false };

  static getDerivedStateFromError() {
    return { isGone: true };
  }

  override render() {
    return this.state.isGone ? <Gone /> : this.props.children;
  }
}

function Gone() {
  const { say } = useWords();
  return <State title={say("state.broken.title")} text={say("state.broken.text")} kind="broken" />;
}
