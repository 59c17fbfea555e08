import { Choice } from "../frame/Choice";
import { Field } from "../frame/Field";
import { useQuestion } from "../frame/question";
import { ShopChannelsDocument } from "../generated/dashboard";

interface Props {
  label: string;
  /** What stands for no channel. */
  none: string;
  value: string;
  onChange: (channel: string) => void;
}

/** One of the shop's channels; while the shop does not say which there are, its slug is typed. */
export function ChannelChoice({ label, none, value, onChange }: Props) {
  const { answer, refusal } = useQuestion(ShopChannelsDocument, {});
  if (refusal) return <Field name="channel" label={label} help={none} value={value} onChange={onChange} />;
  const channels = answer?.shopChannels ?? [];
  const named = new Map(channels.map(({ slug, name }) => [slug, name]));
  const values = [...new Set(["", ...named.keys(), value])];
  return (
    <Choice
      name="channel"
      label={label}
      value={value}
      values={values}
      shown={(slug) => (slug === "" ? none : (named.get(slug) ?? slug))}
      onChange={onChange}
    />
  );
}
