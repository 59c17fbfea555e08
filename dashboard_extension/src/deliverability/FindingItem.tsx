import { Copied } from "../frame/Copied";
import { useWords } from "../words/words";
import { LevelSign } from "./LevelSign";
import type { Deliverability } from "./rates";

type Finding = Deliverability["domains"][number]["findings"][number];

const NEW = new Set(["spf_missing", "dkim_missing", "dmarc_missing"]);

/** What one check came to: a line where all is right, and where it is not, what to put where. */
export function FindingItem({ finding }: { finding: Finding }) {
  const { say, name, number } = useWords();
  const { check, level, code, found, put, count } = finding;
  const values = { found, count: number(count ?? 0), n: count ?? 0 };
  return (
    <li data-code={code}>
      <LevelSign level={level} />
      <div>
        <strong>{name("check", check)}</strong>
        <p className="soft">{name("finding", code, values)}</p>
        {put && (
          <div className="put">
            <p className="note">
              {put.value === ""
                ? say("arrival.put.provider", { type: put.type })
                : say(NEW.has(code) ? "arrival.put.new" : "arrival.put", { type: put.type })}
            </p>
            <Copied label={say("arrival.put.host")} text={put.host} />
            {put.value !== "" && <Copied label={say("arrival.put.value")} text={put.value} />}
          </div>
        )}
        {found !== "" && check === "SPF" && put && <p className="note soft found">{say("arrival.found", { found })}</p>}
      </div>
    </li>
  );
}
