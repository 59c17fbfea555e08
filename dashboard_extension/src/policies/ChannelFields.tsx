import { Button } from "@saleor/macaw-ui";

import { Field } from "../frame/Field";
import { useWords } from "../words/words";
import { DAYS, isWrong, type ChannelDays } from "./figures";

interface Props {
  channels: readonly ChannelDays[];
  onChange: (channels: ChannelDays[]) => void;
}

/** Days of their own for those whose first order came through a channel. */
export function ChannelFields({ channels, onChange }: Props) {
  const { say, number } = useWords();
  const changed = (index: number, news: Partial<ChannelDays>) =>
    onChange(channels.map((one, place) => (place === index ? { ...one, ...news } : one)));
  return (
    <div className="channels">
      {channels.map(({ channel, days }, index) => (
        <div key={index} className="channel">
          <Field
            name={`channel-${index}`}
            label={say("policy.channel")}
            value={channel}
            error={channel.trim() === "" ? say("wrong.REQUIRED") : undefined}
            onChange={(channel) => changed(index, { channel })}
          />
          <Field
            name={`channel-${index}-days`}
            label={say("policy.channel.days")}
            value={days}
            error={isWrong(DAYS, days) ? say("wrong.range", { least: number(DAYS.least), most: number(DAYS.most) }) : undefined}
            onChange={(days) => changed(index, { days })}
          />
          <Button
            type="button"
            variant="secondary"
            size="small"
            aria-label={say("policy.channel.remove", { channel })}
            onClick={() => onChange(channels.filter((_, place) => place !== index))}
          >
            {say("state.remove")}
          </Button>
        </div>
      ))}
      <Button
        type="button"
        variant="secondary"
        size="small"
        onClick={() => onChange([...channels, { channel: "", days: "" }])}
      >
        {say("policy.channel.add")}
      </Button>
    </div>
  );
}
