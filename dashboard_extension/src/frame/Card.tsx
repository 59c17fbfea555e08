import { Text } from "@saleor/macaw-ui";
import { useId, type ReactNode } from "react";

/** A titled part of the page. */
export function Card(props: { title: string; beside?: ReactNode; className?: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={`card ${props.className ?? ""}`} aria-labelledby={id}>
      <header>
        <Text as="h2" size={5} fontWeight="medium" id={id}>
          {props.title}
        </Text>
        {props.beside}
      </header>
      {props.children}
    </section>
  );
}
