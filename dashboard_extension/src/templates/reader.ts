/** Whose eyes a message is read with: a Saleor user's or an invented customer's, in one of the shop's channels. */
export interface Reader {
  userId: string | null;
  email: string;
  /** Its slug; empty: the customer's own. */
  channel: string;
}

export const NOBODY: Reader = { userId: null, email: "", channel: "" };
