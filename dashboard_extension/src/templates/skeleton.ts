import type { TemplateContext } from "../generated/dashboard";
import type { Words } from "./unsaved";

const SAID = {
  en: {
    text: "Write here what you have to say.",
    button: "Visit the shop",
    LINK: "Open",
    choose: "Choose what you receive",
    end: "Unsubscribe",
    privacy: "Privacy policy",
  },
  es: {
    text: "Escribe aquí lo que quieres decir.",
    button: "Visitar la tienda",
    LINK: "Abrir",
    choose: "Elige lo que recibes",
    end: "Dejar de recibir estos correos",
    privacy: "Política de privacidad",
  },
};
const LINKS: Record<TemplateContext, string> = {
  CUSTOMER: "shop.url",
  OFFER: "shop.url",
  CART: "links.cart",
  OPT_IN: "links.confirm",
};

/** The first words of a new template: little, and in order as they stand. */
export function skeleton(name: string, language: string, context: TemplateContext, isCommercial: boolean): Words {
  const said = SAID[/^es\b/i.test(language) ? "es" : "en"];
  const link = LINKS[context];
  const heading = name.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replace(/[{}]/g, "");
  const ends = `<a href="{{ links.preferences }}">${said.choose}</a> · <a href="{{ links.unsubscribe }}">${said.end}</a><br />`;
  const mjml = `<mjml lang="${language}">
  <mj-head>
    <mj-preview></mj-preview>
    <mj-attributes>
      <mj-all font-family="-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif" />
      <mj-text font-size="16px" line-height="24px" color="#26262b" />
    </mj-attributes>
    <mj-raw>
      <meta name="color-scheme" content="light dark" />
    </mj-raw>
    <mj-style>
      :root { color-scheme: light dark; }
      @media (prefers-color-scheme: dark) {
        body, .page, .page > div, .page > table, .page td { background-color: #202024 !important; }
        .page .words div, .page .words a { color: #f1f1f4 !important; }
      }
    </mj-style>
  </mj-head>
  <mj-body background-color="#ffffff" css-class="page">
    <mj-section>
      <mj-column>
        <mj-text css-class="words" font-size="24px" line-height="31px"><h1 style="margin:0;font-size:24px;line-height:31px;">${heading}</h1></mj-text>
        <mj-text css-class="words">${said.text}</mj-text>
        <mj-raw>{% if ${link} != "" %}</mj-raw>
        <mj-button href="{{ ${link} }}" background-color="{{ brand.color }}" color="{{ brand.text_color }}" font-size="17px" font-weight="600" border-radius="10px" inner-padding="16px 30px">${link === "shop.url" ? said.button : said.LINK}</mj-button>
        <mj-raw>{% endif %}</mj-raw>
      </mj-column>
    </mj-section>
    <mj-section>
      <mj-column>
        <mj-text css-class="words" font-size="14px" line-height="21px" align="center">
          {{ footer.reason }}<br />${isCommercial ? ends : ""}{{ footer.company }} {{ footer.tax_id }}<br />{{ footer.address }}<br />{{ footer.email }}
          {% if footer.privacy_url != "" %}<br /><a href="{{ footer.privacy_url }}">${said.privacy}</a>{% endif %}
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;
  return { subject: name.replace(/[{}]/g, ""), mjml, text: "" };
}

/** A key that names it: small letters, digits and hyphens. */
export function keyOf(name: string): string {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60).replace(/-+$/, "");
}

/** The same MJML for another language. */
export function inLanguage(mjml: string, language: string): string {
  return mjml.replace(/(<mjml\b[^>]*?\blang=")[^"]*"/, (_, start: string) => `${start}${language}"`);
}
