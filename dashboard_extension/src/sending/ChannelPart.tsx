import { Ask } from "../frame/Ask";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Trouble } from "../frame/states";
import { SendingResumeDocument, SendingStopDocument, type SendingFieldsFragment } from "../generated/dashboard";
import { useWords } from "../words/words";
import { PaceForm } from "./PaceForm";
import { standing, type SendingChannel } from "./standing";

interface Props {
  sending: SendingFieldsFragment;
  channel: SendingChannel;
  again: () => Promise<void>;
}

/** One channel: whether messages leave on it, how many wait and why, its pace, its switch. */
export function ChannelPart({ sending, channel, again }: Props) {
  const { say, name, number, moment } = useWords();
  const saving = useSaving();
  const stands = standing(sending, channel);
  const title = name("channel", channel.channel);
  const isOff = channel.offAt !== null;
  const turn = () =>
    saving.save(
      async () =>
        isOff
          ? (await request(SendingResumeDocument, { channel: channel.channel })).sendingResume
          : (await request(SendingStopDocument, { channel: channel.channel })).sendingStop,
      again,
    );
  return (
    <section className="part channel-part" data-channel={channel.channel} data-state={stands} aria-label={title}>
      <h3>{title}</h3>
      <p role="status">
        <strong>{say(`stands.${stands}`)}</strong>{" "}
        {stands === "channelOff" && (
          <span className="soft">
            {name("off", channel.offReason)} {say("sending.since", { time: moment(channel.offAt ?? "") })}
          </span>
        )}
        {(stands === "paced" || stands === "paused" || stands === "warmUp") && (
          <span className="soft">{say(`stands.${stands}.about`)}</span>
        )}
        {stands === "resting" && (
          <span className="soft">
            {say("stands.resting.about", { time: moment(channel.resumesAt ?? ""), error: channel.trouble })}
          </span>
        )}
      </p>
      <dl className="tiles thirds">
        {(["waiting", "scheduled", "leaving"] as const).map((one) => (
          <div key={one}>
            <dt>{say(`sending.${one}`)}</dt>
            <dd>{number(channel[one])}</dd>
          </div>
        ))}
      </dl>
      <Waits channel={channel} />
      <PaceForm channel={channel.channel} held={channel.perMinute} again={again} />
      {isOff ? (
        <Ask
          label={say("sending.resume.channel", { channel: title })}
          question={say("sending.resume.ask", { n: channel.waiting, count: number(channel.waiting) })}
          yes={say("sending.resume.yes")}
          change={saving.change}
          onYes={turn}
        />
      ) : (
        <Ask
          label={say("sending.stop.channel", { channel: title })}
          question={say("sending.stop.ask")}
          yes={say("sending.stop.yes")}
          change={saving.change}
          onYes={turn}
          isGrave
        />
      )}
      <Trouble saving={saving} />
    </section>
  );
}

/** Why messages wait that were looked at already, in words, and what to do next. */
function Waits({ channel: { waits } }: { channel: SendingChannel }) {
  const { say } = useWords();
  if (waits.length === 0) return null;
  return (
    <div className="waits">
      <h4>{say("waits.title")}</h4>
      <ul className="list">
        {waits.map((wait) => (
          <Wait key={wait.reason} {...wait} />
        ))}
      </ul>
    </div>
  );
}

function Wait({ reason, count }: SendingChannel["waits"][number]) {
  const { say, number, knows } = useWords();
  const [why, next] = [`wait.${reason}`, `wait.${reason}.next`];
  return (
    <li data-reason={reason}>
      <span>
        {knows(why) ? say(why) : say("wait.other", { reason })}
        <span className="soft note">{say(knows(next) ? next : "wait.other.next")}</span>
      </span>
      <span className="figure">{number(count)}</span>
    </li>
  );
}
