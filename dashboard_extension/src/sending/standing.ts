import type { SendingFieldsFragment } from "../generated/dashboard";

export type SendingChannel = SendingFieldsFragment["channels"][number];

export type Standing = "held" | "off" | "channelOff" | "resting" | "paused" | "warmUp" | "paced" | "sends";

/** Why nothing leaves on a channel right now, or that it does; what holds everything is said first. */
export function standing(sending: Pick<SendingFieldsFragment, "offAt" | "heldAt">, channel: SendingChannel): Standing {
  if (sending.heldAt !== null) return "held";
  if (sending.offAt !== null) return "off";
  if (channel.offAt !== null) return "channelOff";
  if (channel.resumesAt !== null && channel.trouble !== "") return "resting";
  if (channel.serviceOnly !== "") return channel.serviceOnly === "paused" ? "paused" : "warmUp";
  return channel.resumesAt === null ? "sends" : "paced";
}

/** A pace as it was typed: a whole number of messages, null for no limit, undefined where it is neither. */
export function typedPace(text: string, fastest: number): number | null | undefined {
  const plain = text.trim();
  if (plain === "") return null;
  const pace = /^\d{1,9}$/.test(plain) ? Number(plain) : 0;
  return pace >= 1 && pace <= fastest ? pace : undefined;
}
