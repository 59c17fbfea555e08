/** How far something has come, 0 to 100; without a figure it only shows that it moves. */
export function Bar({ label, percent }: { label: string; percent: number | null }) {
  return <progress className="bar" aria-label={label} max={100} {...(percent === null ? {} : { value: percent })} />;
}
