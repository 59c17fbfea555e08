import { memo, useId, useImperativeHandle, useLayoutEffect, useMemo, useRef, type KeyboardEvent, type Ref } from "react";

import { lines, placeOf, type Piece } from "./code";

export interface CodeHandle {
  /** Writes at the cursor, as if it were typed; `text` is told what stands before the cursor. */
  insert: (text: (before: string) => string) => void;
  /** Shows a line, counted from 1, and selects it. */
  jump: (line: number | null) => void;
}

export interface Mark {
  line: number | null;
  isError: boolean;
}

interface Props {
  name: string;
  label: string;
  value: string;
  help?: string | null;
  placeholder?: string;
  /** What is wrong, by line. */
  marks?: readonly Mark[];
  isOneLine?: boolean;
  /** What is to be seen first, if it is there. */
  startsAt?: string;
  handle?: Ref<CodeHandle>;
  onChange: (value: string) => void;
  onFocus?: () => void;
}

/**
 * A source text with numbered, marked lines. The text itself is a plain textarea, so that the keyboard, screen readers,
 * undo and spelling work as everywhere; what is coloured lies behind it, in the same face and breaking at the same places.
 */
export function CodeField({ isOneLine = false, marks = [], startsAt = "", ...props }: Props) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const shown = useMemo(() => lines(props.value), [props.value]);
  useImperativeHandle(props.handle, () => ({
    insert: (text) => {
      const element = area.current;
      if (!element) return;
      element.focus();
      type(element, text(element.value.slice(0, element.selectionStart)));
    },
    jump: (line) => {
      const element = area.current;
      if (!element) return;
      element.focus({ preventScroll: true });
      if (line !== null) element.setSelectionRange(...placeOf(element.value, line));
      const place = element.parentElement?.querySelector(`[data-line="${line ?? 1}"]`);
      (place ?? element).scrollIntoView({ block: "center" });
    },
  }));
  useLayoutEffect(() => {
    const source = area.current?.value ?? "";
    const number = source.slice(0, Math.max(source.indexOf(startsAt), 0)).split("\n").length;
    const line = box.current?.querySelector<HTMLElement>(`[data-line="${number}"]`);
    if (number > 1 && line) box.current?.scrollTo(0, line.offsetTop);
  }, [startsAt]);
  const keys = (event: KeyboardEvent) => {
    if (isOneLine && event.key === "Enter") event.preventDefault();
  };
  const isWrong = marks.some(({ isError }) => isError);
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <div ref={box} className={`code ${isOneLine ? "one-line" : ""}`} data-wrong={isWrong}>
        <div className="code-text">
          <pre aria-hidden="true">
            {shown.map((pieces, index) => {
              const mark = marks.filter((one) => one.line === index + 1);
              const kind = mark.some(({ isError }) => isError) ? "error" : mark.length > 0 ? "warned" : "";
              return <Line key={index} number={index + 1} pieces={pieces} mark={kind} />;
            })}
          </pre>
          <textarea
            id={id}
            ref={area}
            name={props.name}
            value={props.value}
            rows={1}
            placeholder={props.placeholder}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            aria-invalid={isWrong}
            aria-describedby={props.help ? `${id}-note` : undefined}
            onKeyDown={keys}
            onFocus={props.onFocus}
            onChange={({ target }) => props.onChange(isOneLine ? target.value.replace(/\s*\n\s*/g, " ") : target.value)}
          />
        </div>
      </div>
      {props.help && (
        <p id={`${id}-note`} className="soft note">
          {props.help}
        </p>
      )}
    </div>
  );
}

const Line = memo(
  function Line({ number, pieces, mark }: { number: number; pieces: Piece[]; mark: string }) {
    return (
      <div className="line" data-line={number} data-mark={mark}>
        {pieces.map(({ kind, text }, index) => (kind === "plain" ? text : <i key={index} className={kind}>{text}</i>))}
        {pieces.length === 0 && <br />}
      </div>
    );
  },
  (one, other) =>
    one.mark === other.mark &&
    one.number === other.number &&
    one.pieces.length === other.pieces.length &&
    one.pieces.every((piece, index) => piece.kind === other.pieces[index]?.kind && piece.text === other.pieces[index].text),
);

function type(element: HTMLTextAreaElement, text: string): void {
  // Deprecated, and the only way that the browser's undo knows of.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  if (document.execCommand("insertText", false, text)) return;
  element.setRangeText(text, element.selectionStart, element.selectionEnd, "end");
  element.dispatchEvent(new Event("input", { bubbles: true }));
}
