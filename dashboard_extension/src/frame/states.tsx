import { Button, Skeleton, Text } from "@saleor/macaw-ui";
import type { ReactNode } from "react";

import { useWords } from "../words/words";
import { useChange } from "./question";
import type { Refused } from "./request";
import type { Saving } from "./saving";

/** A page's place while its answer is on the way. */
export function Loading({ lines }: { lines: number }) {
  const { say } = useWords();
  return (
    <div className="loading" role="status" aria-label={say("state.loading")}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} />
      ))}
    </div>
  );
}

/** Why there is nothing to show, and what to do next. */
export function RefusalPage({ refusal, again }: { refusal: Refused; again: () => Promise<void> }) {
  const { say, name } = useWords();
  const change = useChange();
  const permission = refusal.permission || "MANAGE_USERS";
  return (
    <State
      title={say(`state.${refusal.why}.title`)}
      text={say(`state.${refusal.why}.text`, { permission: name("permission", permission) })}
      kind={refusal.why}
    >
      <Button variant="secondary" disabled={change.isRunning} onClick={() => change.run(again)}>
        {say("state.again")}
      </Button>
    </State>
  );
}

/** Why the page cannot talk to a Dashboard at all. */
export function Outside({ why }: { why: "outside" | "insecure" }) {
  const { say } = useWords();
  return <State title={say(`state.${why}.title`)} text={say(`state.${why}.text`)} kind={why} />;
}

/** A few words in the place of a page. */
export function State(props: { title: string; text: string; kind: string; children?: ReactNode }) {
  return (
    <section className="state" role="status" data-state={props.kind}>
      <Text as="h1" size={6} fontWeight="medium">
        {props.title}
      </Text>
      <p className="soft">{props.text}</p>
      {props.children}
    </section>
  );
}

/** Why a change was refused, beside its button. */
export function RefusalLine({ refusal }: { refusal: Refused | null }) {
  const { say, name } = useWords();
  if (refusal === null) return null;
  const why =
    refusal.why === "forbidden"
      ? say("state.forbidden.text", { permission: name("permission", refusal.permission || "MANAGE_USERS") })
      : `${say(`state.${refusal.why}.title`)}. ${say(`state.${refusal.why}.text`)}`;
  return (
    <p className="bad" role="alert">
      {say("wrong.nothing", { why })}
    </p>
  );
}

/** What the app did not take of what was to be saved, or why it could not be asked. */
export function Trouble({ saving }: { saving: Saving }) {
  return (
    <>
      {saving.errors.length > 0 && (
        <p className="bad" role="alert">
          {saving.errors.map(({ message }) => message).join(" ")}
        </p>
      )}
      <RefusalLine refusal={saving.change.refusal} />
    </>
  );
}
