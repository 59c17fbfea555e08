import { Ask } from "../frame/Ask";
import { Card } from "../frame/Card";
import { useQuestion } from "../frame/question";
import { request } from "../frame/request";
import { useSaving } from "../frame/saving";
import { Loading, RefusalPage, Trouble } from "../frame/states";
import { useWhile } from "../frame/while";
import {
  SendingDocument,
  SendingResumeDocument,
  SendingStopDocument,
  type SendingFieldsFragment,
} from "../generated/dashboard";
import { useWords } from "../words/words";
import { ChannelPart } from "./ChannelPart";
import { FlowPart } from "./FlowPart";

/** Whether messages leave, on which channels and how fast, what waits and why; and every switch over it. */
export function SendingCard() {
  const { say } = useWords();
  const { answer, refusal, again } = useQuestion(SendingDocument, {});
  const channels = answer?.sending.channels ?? [];
  useWhile(channels.some(({ waiting, leaving }) => waiting + leaving > 0), again);
  return (
    <Card title={say("sending.title")} className="sending">
      {answer === null && (refusal ? <RefusalPage refusal={refusal} again={again} /> : <Loading lines={5} />)}
      {answer && (
        <>
          <Everything sending={answer.sending} again={again} />
          {channels.map((channel) => (
            <ChannelPart key={channel.channel} sending={answer.sending} channel={channel} again={again} />
          ))}
          <FlowPart again={again} />
        </>
      )}
    </Card>
  );
}

interface Props {
  sending: SendingFieldsFragment;
  again: () => Promise<void>;
}

/** What holds for every channel at once, and its switch. */
function Everything({ sending, again }: Props) {
  const { say, number, moment } = useWords();
  const saving = useSaving();
  const { heldAt, offAt, channels } = sending;
  const waiting = channels.reduce((sum, channel) => sum + channel.waiting, 0);
  const state = heldAt !== null ? "held" : offAt !== null ? "off" : "on";
  const turn = () =>
    saving.save(
      async () =>
        offAt === null
          ? (await request(SendingStopDocument, { channel: null })).sendingStop
          : (await request(SendingResumeDocument, { channel: null })).sendingResume,
      again,
    );
  return (
    <div className="everything" data-state={state}>
      <div className={state === "on" ? "" : "warning"} role="status">
        <p>
          <strong>{say(`sending.is.${state}`)}</strong>{" "}
          {state !== "on" && <span>{say("sending.since", { time: moment(heldAt ?? offAt ?? "") })}</span>}
        </p>
        <p>{say(`sending.is.${state}.about`)}</p>
      </div>
      {offAt === null ? (
        <Ask
          label={say("sending.stop")}
          question={say("sending.stop.ask")}
          yes={say("sending.stop.yes")}
          change={saving.change}
          onYes={turn}
          isGrave
        />
      ) : (
        <Ask
          label={say("sending.resume")}
          question={say("sending.resume.ask", { n: waiting, count: number(waiting) })}
          yes={say("sending.resume.yes")}
          change={saving.change}
          onYes={turn}
        />
      )}
      <Trouble saving={saving} />
    </div>
  );
}
