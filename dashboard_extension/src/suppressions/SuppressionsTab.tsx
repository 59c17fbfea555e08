import { useState } from "react";

import { Choice } from "../frame/Choice";
import { useQuestion } from "../frame/question";
import { SuppressionCountsDocument } from "../generated/dashboard";
import { useWords } from "../words/words";
import { AddressCard } from "./AddressCard";
import { FileCard } from "./FileCard";
import { ListCard } from "./ListCard";

const CHANNELS = ["email", "sms"] as const;

/** The addresses that are never written to. */
export function SuppressionsTab() {
  const { say } = useWords();
  const [channel, setChannel] = useState<(typeof CHANNELS)[number]>("email");
  return (
    <>
      <div className="by-channel">
        <Choice
          name="channel"
          label={say("suppressions.channel")}
          value={channel}
          values={CHANNELS}
          shown={(one) => say(`channel.${one}`)}
          onChange={setChannel}
        />
      </div>
      <Cards key={channel} channel={channel} />
    </>
  );
}

function Cards({ channel }: { channel: string }) {
  const counts = useQuestion(SuppressionCountsDocument, { channel });
  return (
    <div className="columns">
      <ListCard channel={channel} counts={counts} />
      <div className="stack">
        <AddressCard channel={channel} again={counts.again} />
        <FileCard channel={channel} again={counts.again} />
      </div>
    </div>
  );
}
