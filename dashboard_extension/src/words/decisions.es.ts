import type { decisionsEn } from "./decisions.en";

/** The same in Spanish. */
export const decisionsEs: Record<keyof typeof decisionsEn, string> = {
  "decisions.title": "Flujos",
  "decisions.none": "Este cliente no ha estado en ningún flujo.",
  "decisions.flow.abandoned-cart": "Carritos abandonados",
  "decisions.flow.first-purchase": "Primera compra",
  "decisions.flow.cross-sell": "Venta cruzada",
  "decisions.flow.win-back": "Reactivación",
  "decisions.passages": "{n, plural, one {entró una vez} other {entró {count} veces}}",
  "decisions.count": "{n, plural, one {{count} decisión} other {{count} decisiones}}",
  "decisions.off": "el flujo está apagado",
  "decisions.shadow": "ensayo sin envíos",
  "decisions.archived": "archivado",
  "decisions.state.WAITING": "En el flujo",
  "decisions.state.FINISHED": "Llegó al final",
  "decisions.state.EXITED": "Salió",
  "decisions.state.FAILED": "Terminó por un fallo",
  "decisions.whyNot": "¿Por qué no?",
  "decisions.whyNot.about": "Qué impide ahora que este cliente entre en un flujo o reciba un mensaje. No se cambia nada.",
  "decisions.whyNot.flow": "Flujo",
  "decisions.whyNot.ask": "¿Por qué no «{flow}»?",
  "decisions.whyNot.nothing": "Que se sepa aquí, nada lo impide.",
  "decisions.refusals": "No se le dejó entrar",
};
