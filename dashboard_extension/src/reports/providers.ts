// As the providers write themselves; the rest of what anymail knows is told well enough by its own name.
const NAMES: Record<string, string> = {
  amazon_ses: "Amazon SES",
  brevo: "Brevo",
  mailersend: "MailerSend",
  mailgun: "Mailgun",
  mailjet: "Mailjet",
  mailtrap: "Mailtrap",
  mandrill: "Mandrill",
  postal: "Postal",
  postmark: "Postmark",
  resend: "Resend",
  sendgrid: "SendGrid",
  sparkpost: "SparkPost",
  unisender_go: "Unisender Go",
};

/** A provider's name as it writes itself. */
export function providerName(provider: string): string {
  return NAMES[provider] ?? provider;
}
