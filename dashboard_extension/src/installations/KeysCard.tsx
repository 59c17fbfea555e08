import { Button } from "@saleor/macaw-ui";
import { useState } from "react";

import { Card } from "../frame/Card";
import { Copied } from "../frame/Copied";
import { useChange } from "../frame/question";
import { request } from "../frame/request";
import { RefusalLine } from "../frame/states";
import { ServerKeyCreateDocument, type OverviewQuery } from "../generated/dashboard";
import { useWords } from "../words/words";

interface Props {
  installation: OverviewQuery["installation"];
  again: () => Promise<void>;
}

/** How a storefront reaches the app: its address with the public key, and the key of its servers. */
export function KeysCard({ installation, again }: Props) {
  const { say } = useWords();
  return (
    <Card title={say("keys.title")}>
      <p className="soft">{say("keys.about")}</p>
      <Copied label={say("keys.address")} text={installation.storefrontApiUrl} />
      <Copied label={say("keys.public")} text={installation.storefrontKey} />
      <ServerKey installation={installation} again={again} />
    </Card>
  );
}

function ServerKey({ installation, again }: Props) {
  const { say } = useWords();
  const change = useChange();
  const [key, setKey] = useState("");
  const [isAsking, setAsking] = useState(false);
  const make = () =>
    change.run(async () => {
      const { serverKeyCreate } = await request(ServerKeyCreateDocument, {});
      setKey(serverKeyCreate.key);
      setAsking(false);
      await again();
    });
  return (
    <div className="part">
      <h3>{say("keys.server")}</h3>
      <p className="soft">{say("keys.server.about")}</p>
      {key ? (
        <>
          <Copied label={say("keys.server")} text={key} />
          <p role="status">{say("keys.once")}</p>
        </>
      ) : (
        <p>{say(installation.hasServerKey ? "keys.server.exists" : "keys.server.none")}</p>
      )}
      {isAsking ? (
        <div className="actions">
          <span>{say("keys.replace.ask")}</span>
          <Button variant="error" disabled={change.isRunning} onClick={make}>
            {say("keys.replace.yes")}
          </Button>
          <Button variant="secondary" onClick={() => setAsking(false)}>
            {say("keys.cancel")}
          </Button>
        </div>
      ) : (
        <Button
          variant="secondary"
          disabled={change.isRunning}
          onClick={() => (installation.hasServerKey ? setAsking(true) : make())}
        >
          {say(installation.hasServerKey ? "keys.replace" : "keys.make")}
        </Button>
      )}
      <RefusalLine refusal={change.refusal} />
    </div>
  );
}
