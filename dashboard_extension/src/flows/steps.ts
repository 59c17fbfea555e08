import { readable, type Delay } from "./delays";

/** A step of a flow's document, with the ways that lead on from it inside. */
export interface Step {
  key: string;
  kind: string;
  held: Record<string, unknown>;
  ways: Way[];
}

export interface Way {
  kind: "when" | "then" | "share" | "otherwise";
  /** Where its rule stands in the document; empty where it has none. */
  rule: string;
  /** Of a split, from 0 to 1. */
  share: number;
  steps: Step[];
}

/** The steps of a document as a tree; what is no step, as a draft may hold, is left out. */
export function stepsOf(document: unknown): Step[] {
  return read(record(document).steps, "steps");
}

/** The keys of all steps, from the first to the last. */
export function keysOf(steps: readonly Step[]): string[] {
  return eachStep(steps).map(({ key }) => key);
}

/** Every step, those inside of others too. */
export function eachStep(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => [step, ...step.ways.flatMap((way) => eachStep(way.steps))]);
}

/** A duration such as P2D or PT30M in the greatest unit that keeps it a whole number; null where it is none. */
export function duration(iso: unknown): Delay | null {
  const found = /^(-?)P(?:(\d+)W|(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?)$/.exec(typeof iso === "string" ? iso : "");
  if (!found) return null;
  const [weeks, days, hours, minutes, seconds] = found.slice(2).map((one) => Number((one as string | undefined) ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return readable((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds);
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function read(value: unknown, path: string): Step[] {
  return list(value).flatMap((one, index) => {
    const held = record(one);
    const key = text(held.key);
    return key ? [{ key, kind: text(held.kind), held, ways: ways(held, `${path}[${index}]`) }] : [];
  });
}

function ways(held: Record<string, unknown>, path: string): Way[] {
  const otherwise = (): Way => ({
    kind: "otherwise",
    rule: "",
    share: 0,
    steps: read(held.otherwise, `${path}.otherwise`),
  });
  switch (held.kind) {
    case "wait_for":
      return [{ kind: "then", rule: `${path}.rule`, share: 0, steps: read(held.then, `${path}.then`) }, otherwise()];
    case "branch":
      return [
        ...list(held.cases).map((one, index): Way => {
          const here = `${path}.cases[${index}]`;
          return { kind: "when", rule: `${here}.when`, share: 0, steps: read(record(one).then, `${here}.then`) };
        }),
        otherwise(),
      ];
    case "split": {
      const shares = list(held.shares).map(record);
      const all = shares.reduce((sum, { weight }) => sum + Number(weight), 0);
      return shares.map(({ weight, then }, index) => ({
        kind: "share",
        rule: "",
        share: all > 0 ? Number(weight) / all : 0,
        steps: read(then, `${path}.shares[${index}].then`),
      }));
    }
    default:
      return [];
  }
}
