import { useCallback, useEffect, useRef, useState } from "react";

import type { Errors } from "../frame/question";
import { Refused, request } from "../frame/request";
import {
  TemplateCheckDocument,
  TemplatePreviewDocument,
  type FaultFieldsFragment,
  type MessagePurpose,
  type TemplateContext,
  type TemplatePreviewQuery,
  type TemplateWordsInput,
} from "../generated/dashboard";

/** Milliseconds without a key before words are looked through. */
const PAUSE = 500;

export type Fault = FaultFieldsFragment;
export type Preview = TemplatePreviewQuery["templatePreview"];

/** Words, and as whom and in which of the shop's channels they are previewed. */
export interface About {
  context: TemplateContext;
  purpose: MessagePurpose;
  words: TemplateWordsInput;
  userId: string | null;
  channel: string;
}

interface Found {
  /** Which words it is about. */
  key: string;
  faults: Fault[];
  /** What is wrong beside the faults. */
  errors: Errors[];
  /** The plain text as it would be saved. */
  text: string;
  refusal: Refused | null;
}

export interface Looked extends Omit<Found, "key"> {
  /** Is it still about the words as they stand? */
  isCurrent: boolean;
  /** The last that could be shown. */
  preview: Preview | null;
  again: () => void;
}

const NOTHING: Found = { key: "", faults: [], errors: [], text: "", refusal: null };

/** What is wrong with words, and how they read, a moment after each change. */
export function useLooked(about: About, language: string): Looked {
  const [{ key: seen, ...found }, setFound] = useState(NOTHING);
  const [preview, setPreview] = useState<Preview | null>(null);
  const latest = useRef(0);
  const key = JSON.stringify({ ...about, language });
  const look = useCallback(async () => {
    const mine = ++latest.current;
    let news: Omit<Found, "key">;
    try {
      const answer = await asked(JSON.parse(key) as About & { language: string });
      if (mine === latest.current && answer.preview) setPreview(answer.preview);
      news = answer.found;
    } catch (error) {
      news = { ...NOTHING, refusal: error instanceof Refused ? error : new Refused("broken") };
    }
    if (mine === latest.current) setFound({ ...news, key });
  }, [key]);
  useEffect(() => {
    const timer = setTimeout(() => void look(), PAUSE);
    return () => clearTimeout(timer);
  }, [look]);
  return { ...found, isCurrent: seen === key, preview, again: () => void look() };
}

/** Words with an error in them are not previewed: there would be nothing to show. */
async function asked({ userId, channel, ...about }: About & { language: string }) {
  const { templateCheck } = await request(TemplateCheckDocument, about);
  const { faults, text } = templateCheck;
  const found = { ...NOTHING, faults, text: text ?? "" };
  if (templateCheck.errors.length > 0) return { found: { ...found, errors: beside(templateCheck) }, preview: null };
  const { templatePreview } = await request(TemplatePreviewDocument, { ...about, userId, channel });
  return {
    found: { ...found, faults: templatePreview.faults, errors: beside(templatePreview) },
    preview: templatePreview.html === null ? null : templatePreview,
  };
}

/** The errors that are no faults told once more. */
export function beside({ faults, errors }: { faults: readonly Fault[]; errors: Errors[] }): Errors[] {
  return faults.some(({ isError }) => isError) ? [] : errors;
}
