// Generated from graphql/dashboard.graphql: npm run generate
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type ActivityKind =
  | 'CLICK'
  | 'MESSAGE'
  | 'RETURN'
  | 'ORDER'
  | 'CART'
  | 'CONSENT'
  | 'PRODUCT_VIEWED'
  | 'VISIT'
  | 'ACCOUNT';

/** Why a text is no value of its attribute. */
export type AttributeFault =
  | 'TOO_LONG'
  | 'NOT_A_NUMBER'
  | 'AMBIGUOUS_NUMBER'
  | 'NOT_A_DATE'
  | 'NOT_YES_OR_NO'
  | 'NOT_A_CHOICE'
  | 'NOT_A_PHONE';

export type AttributeInput = {
  name: string;
  type: AttributeType;
  choices?: Array<string>;
  /** 3/4/2026 is in April. */
  isDayFirst?: boolean;
};

/** Either an attribute or consent. */
export type AttributeMappingInput = {
  origin: AttributeOrigin;
  key: string;
  attribute?: AttributeInput | null | undefined;
  consent?: ConsentWordsInput | null | undefined;
};

/** Which record of a customer says it. */
export type AttributeOrigin =
  | 'USER'
  | 'CHECKOUT'
  | 'ORDER'
  | 'FILE'
  | 'FLOW';

export type AttributeType =
  | 'TEXT'
  | 'NUMBER'
  | 'DATE'
  | 'BOOLEAN'
  | 'CHOICE'
  | 'PHONE';

export type Band =
  | 'COLD'
  | 'WARM'
  | 'HOT';

export type Basis =
  | 'GRANTED'
  | 'SOFT_OPT_IN'
  | 'REFUSED'
  | 'NONE';

export type BrandInput = {
  senderName?: string | null | undefined;
  senderEmail?: string | null | undefined;
  replyTo?: string | null | undefined;
  company?: string | null | undefined;
  taxId?: string | null | undefined;
  postalAddress?: string | null | undefined;
  contactEmail?: string | null | undefined;
  privacyUrl?: string | null | undefined;
  logoUrl?: string | null | undefined;
  storefrontUrl?: string | null | undefined;
  cartUrl?: string | null | undefined;
  productUrl?: string | null | undefined;
  color?: string | null | undefined;
  textColor?: string | null | undefined;
};

export type Cause =
  | 'BEHAVIOUR'
  | 'TIME'
  | 'IMPORT'
  | 'REFIT'
  | 'POLICY'
  | 'CORRECTION';

export type ChannelLossInput = {
  channel: string;
  days: number;
};

export type ChannelQuietHoursInput = {
  channel: string;
  start: string;
  end: string;
};

export type ChecklistKey =
  | 'SENDER'
  | 'COMPANY'
  | 'CART_LINK'
  | 'PROJECTION'
  | 'EVENTS'
  | 'CART_FLOW';

export type ClickVerdict =
  | 'PROVISIONAL'
  | 'HUMAN'
  | 'SCANNER';

export type ConsentRefusal =
  | 'ACCOUNT_SAYS_NO'
  | 'CHECKOUT_SAYS_NO'
  | 'ORDER_SAYS_NO'
  | 'UNSUBSCRIBED'
  | 'WITHDRAWN'
  | 'IMPORT_SAYS_NO'
  | 'ADDRESS_SUPPRESSED';

export type ConsentSource =
  | 'ACCOUNT'
  | 'CHECKOUT'
  | 'ORDER'
  | 'UNSUBSCRIBE'
  | 'STOREFRONT'
  | 'IMPORT'
  | 'FORM'
  | 'PREFERENCES';

export type ConsentState =
  | 'GRANTED'
  | 'SOFT_OPT_IN'
  | 'REFUSED'
  | 'NONE';

export type ConsentTopicInput = {
  key: string;
  names: Array<TranslatedTextInput>;
  descriptions?: Array<TranslatedTextInput>;
};

export type ConsentWordsInput = {
  yes: Array<string>;
  no: Array<string>;
  /** Empty: every topic. */
  topic?: string;
  channel?: string;
};

/** Columns by their index from 0. */
export type CustomerFileMappingInput = {
  email: number;
  firstName?: number | null | undefined;
  lastName?: number | null | undefined;
  language?: number | null | undefined;
  consent?: number | null | undefined;
  consentDate?: number | null | undefined;
  consentSource?: number | null | undefined;
  consentText?: number | null | undefined;
  attributes?: Array<FileAttributeInput>;
  yes?: Array<string>;
  no?: Array<string>;
  /** Words that say neither yes nor no. */
  neither?: Array<string>;
  /** Said of each line that says nothing itself. */
  everyone?: boolean | null | undefined;
  /** 3/4/2026 is in April. */
  isDayFirst?: boolean;
  /** When those consented whose line has no date. */
  date?: string;
  /** Where those consented whose line has no source. */
  source?: string;
  /** The words that they agreed to. */
  text?: string;
};

/** Why a line is refused. */
export type CustomerFileReason =
  | 'UNREADABLE'
  | 'WRONG_COLUMNS'
  | 'TOO_LONG'
  | 'NO_EMAIL'
  | 'INVALID_EMAIL'
  | 'CONSENT_UNREADABLE'
  | 'NO_PROOF'
  | 'DATE_UNREADABLE'
  | 'DATE_IN_FUTURE'
  | 'ERASED';

export type CustomerFileState =
  | 'UPLOADING'
  | 'UPLOADED'
  | 'READING'
  | 'READY'
  | 'IMPORTING'
  | 'DONE';

export type DecisionKind =
  | 'ENTERED'
  | 'REFUSED'
  | 'PASSED'
  | 'SENT'
  | 'DEFERRED'
  | 'SKIPPED'
  | 'MOVED'
  | 'FINISHED'
  | 'EXITED'
  | 'FAILED';

export type DeliveryEventKind =
  | 'QUEUED'
  | 'SENT'
  | 'REJECTED'
  | 'FAILED'
  | 'BOUNCED'
  | 'DEFERRED'
  | 'DELIVERED'
  | 'AUTORESPONDED'
  | 'OPENED'
  | 'CLICKED'
  | 'COMPLAINED'
  | 'UNSUBSCRIBED';

export type DeliveryHarm =
  | 'BOUNCES'
  | 'COMPLAINTS';

export type DeliveryRuleInput = {
  method: string;
  workingDays: number;
};

/** From where it is known when an order was delivered. */
export type DeliverySource =
  | 'TOLD'
  | 'METADATA'
  | 'SHIPPED';

export type DeliveryStanding =
  | 'GOOD'
  | 'WARNED'
  | 'PAUSED';

export type DomainCheck =
  | 'SPF'
  | 'DKIM'
  | 'DMARC'
  | 'ALIGNMENT'
  | 'MX'
  | 'LIST_UNSUBSCRIBE';

export type DomainFindingLevel =
  | 'OK'
  | 'WARNING'
  | 'ERROR'
  | 'UNKNOWN';

export type EnrollmentState =
  | 'WAITING'
  | 'FINISHED'
  | 'EXITED'
  | 'FAILED';

export type ErrorCode =
  | 'REQUIRED'
  | 'INVALID'
  | 'NOT_FOUND'
  | 'TAKEN'
  | 'CHANGED'
  | 'IN_USE'
  | 'TOO_OFTEN'
  | 'NOT_SENT';

export type FileAttributeInput = {
  column: number;
  attribute: AttributeInput;
};

export type FlowChangeKind =
  | 'ADDED'
  | 'REMOVED'
  | 'CHANGED'
  | 'MOVED';

/** Where those go who stand at a step of a version. */
export type FlowChoiceInput = {
  version: number;
  step: string;
  /** A step of the new version; null: they leave. */
  to?: string | null | undefined;
};

/** From when a delay counts. */
export type FlowClock =
  | 'CART_CHANGE'
  | 'ORDER'
  | 'DELIVERY'
  | 'USUAL_DAY'
  | 'MESSAGE_BEFORE';

export type FlowDelayInput = {
  key: string;
  seconds: number;
};

export type FlowIncentiveInput = {
  percent: number;
  lastsDays: number;
};

export type FlowObstacle =
  | 'ARCHIVED'
  | 'UNPUBLISHED'
  | 'FLOW_OFF'
  | 'SHADOW'
  | 'HELD'
  | 'NO_CART'
  | 'CART_YOUNG'
  | 'CART_BEING_PAID'
  | 'CART_SEEN'
  | 'EVENT_MISSING'
  | 'EVENT_UNLIKE'
  | 'PHASE_OTHER'
  | 'PHASE_STILL'
  | 'PHASE_NEVER'
  | 'PHASE_CAUSE'
  | 'TOO_LATE'
  | 'DATE_COMING'
  | 'DATE_UNKNOWN'
  | 'DATE_OVER'
  | 'SCHEDULED'
  | 'CALLED'
  | 'ONCE'
  | 'TOO_SOON'
  | 'ENTRY_FILTER'
  | 'HELD_OUT'
  | 'HELD_OUT_EVERYWHERE'
  | 'IN_SHADOW'
  | 'WAITS'
  | 'LEFT'
  | 'FAILED'
  | 'MESSAGE_DUE'
  | 'MESSAGE_WAITS'
  | 'MESSAGE_SKIPPED'
  | 'MESSAGE_FAILED'
  | 'MESSAGE_UNKNOWN'
  | 'MESSAGE_SENT'
  | 'WOULD_WAIT'
  | 'WOULD_BE_SKIPPED';

/** What becomes of those inside when a version is published. */
export type FlowPeople =
  | 'STAY'
  | 'MOVE'
  | 'EXIT';

/** What is left out stays. */
export type FlowSettingsInput = {
  delays?: Array<FlowDelayInput>;
  daysBefore?: number | null | undefined;
  incentive?: FlowIncentiveInput | null | undefined;
  withoutIncentive?: boolean;
  holdout?: number | null | undefined;
  perHour?: number | null | undefined;
  /** The app finds the pace itself, as at first. */
  withoutPace?: boolean;
};

export type FlowState =
  | 'ON'
  | 'OFF'
  | 'SHADOW'
  | 'ARCHIVED';

/** Whether those who were written to did more, or less, than those held out. It rests on an interval that may be looked at every day. */
export type FlowVerdict =
  | 'BRINGS'
  | 'COSTS'
  | 'NO_DIFFERENCE_SEEN'
  | 'NOT_ENOUGH_YET';

export type IdentityKind =
  | 'USER'
  | 'EMAIL'
  | 'VISITOR'
  | 'ERASED';

export type ImportKind =
  | 'CUSTOMERS'
  | 'ORDERS'
  | 'CHECKOUTS'
  | 'PRODUCTS'
  | 'DELIVERIES';

export type ImportState =
  | 'WAITING'
  | 'RUNNING'
  | 'TROUBLED'
  | 'FINISHED';

export type InstallationInput = {
  senderName?: string | null | undefined;
  senderEmail?: string | null | undefined;
  replyTo?: string | null | undefined;
  company?: string | null | undefined;
  taxId?: string | null | undefined;
  postalAddress?: string | null | undefined;
  contactEmail?: string | null | undefined;
  privacyUrl?: string | null | undefined;
  logoUrl?: string | null | undefined;
  storefrontUrl?: string | null | undefined;
  cartUrl?: string | null | undefined;
  color?: string | null | undefined;
  textColor?: string | null | undefined;
  productUrl?: string | null | undefined;
  timeZone?: string | null | undefined;
  language?: string | null | undefined;
  consentKey?: string | null | undefined;
};

export type InstallationState =
  | 'ACTIVE'
  | 'INACTIVE'
  | 'REMOVED';

export type LossInput = {
  share?: number | null | undefined;
  earliestDays?: number | null | undefined;
  latestDays?: number | null | undefined;
  /** Null: no longer set. */
  setDays?: number | null | undefined;
  perChannel?: Array<ChannelLossInput> | null | undefined;
};

export type MailAccountVerdict =
  | 'TAKEN'
  | 'REFUSED'
  | 'AWAY'
  | 'UNTOLD';

export type MailSettingInput = {
  name: string;
  value: string;
};

/** How many commercial messages at most. */
export type MessageFrequency =
  | 'ALL'
  | 'WEEKLY'
  | 'MONTHLY';

export type MessagePurpose =
  | 'COMMERCIAL'
  | 'SERVICE';

export type MessageState =
  | 'QUEUED'
  | 'SENDING'
  | 'SENT'
  | 'SKIPPED'
  | 'FAILED'
  | 'UNKNOWN';

export type NextTrigger =
  | 'TIME'
  | 'ORDER'
  | 'CART'
  | 'INTEREST';

export type Phase =
  | 'EDUCATION'
  | 'SALES'
  | 'RETENTION'
  | 'LOSS';

export type PhaseReason =
  | 'NO_INTEREST_YET'
  | 'OPEN_CART'
  | 'ENGAGED'
  | 'ORDERED'
  | 'SILENT_TOO_LONG';

/** What is left out stays as it is; lists replace the ones that hold. */
export type PolicyInput = {
  before?: ScorePolicyInput | null | undefined;
  customer?: ScorePolicyInput | null | undefined;
  theta?: number | null | undefined;
  k?: number | null | undefined;
  warmFrom?: number | null | undefined;
  hotFrom?: number | null | undefined;
  keepsReturnedBuyers?: boolean | null | undefined;
  loss?: LossInput | null | undefined;
};

export type ProjectionState =
  | 'IN_STEP'
  | 'WAITING'
  | 'EDITED_BY_STAFF'
  | 'OFF';

export type RescoringKind =
  | 'REFIT'
  | 'POLICY';

export type RescoringState =
  | 'PREVIEWING'
  | 'PROPOSED'
  | 'APPLYING'
  | 'APPLIED'
  | 'DISCARDED';

export type ScorePart =
  | 'BEFORE_BUYING'
  | 'AS_CUSTOMER';

export type ScorePolicyInput = {
  halfLifeDays?: number | null | undefined;
  weights?: Array<WeightInput> | null | undefined;
};

export type SoftOptInInput = {
  country: string;
  offeredFrom: string;
  lastsDays?: number;
};

export type SuppressionReason =
  | 'UNSUBSCRIBED'
  | 'MANUAL'
  | 'SOFT_BOUNCES'
  | 'BOUNCED'
  | 'COMPLAINED';

/** What a template's words may name. */
export type TemplateContext =
  | 'CUSTOMER'
  | 'CART'
  | 'OFFER'
  | 'OPT_IN';

export type TemplateFaultCode =
  | 'BROKEN_LIQUID'
  | 'BROKEN_MJML'
  | 'NEVER_CLOSED'
  | 'CLOSES_NOTHING'
  | 'UNKNOWN_ELEMENT'
  | 'TOO_DEEP'
  | 'TOO_LONG'
  | 'RESERVED'
  | 'LIQUID_LOST'
  | 'UNKNOWN_NAME'
  | 'UNKNOWN_FILTER'
  | 'RANGE'
  | 'GROUP'
  | 'TOO_SLOW'
  | 'NOT_FILLED'
  | 'SUBJECT_EMPTY'
  | 'SHORT_MISSING'
  | 'OFFER_AS_SERVICE'
  | 'UNSUBSCRIBE_MISSING'
  | 'FOOTER_MISSING'
  | 'ACTIVE_CONTENT'
  | 'SERVICE_FOOTER_MISSING'
  | 'SUBJECT_LONG'
  | 'ALT_MISSING'
  | 'SIZE_MISSING'
  | 'PLAIN_HTTP'
  | 'FOREIGN_LINK'
  | 'LINK_EMPTY'
  | 'TOO_LARGE';

export type TemplateWordsInput = {
  language: string;
  subject: string;
  mjml: string;
  text?: string;
  /** For SMS and places on the site; one paragraph. */
  shortText?: string;
};

export type TranslatedTextInput = {
  language: string;
  text: string;
};

/** FAILING: it took nothing for five days. GONE: it answered that it wants no more (410). */
export type WebhookEndpointOff =
  | 'MERCHANT'
  | 'FAILING'
  | 'GONE';

/** CONSENT_GIVEN, CONSENT_WITHDRAWN: somebody agreed to messages, or wants no more. ADDRESS_SUPPRESSED: an address is never written to again. FLOW_STEP: a step of a flow tells of somebody. MESSAGE_SEND: a message of the channel webhook, for the receiver to bring to its person; one endpoint at most. */
export type WebhookEvent =
  | 'CONSENT_GIVEN'
  | 'CONSENT_WITHDRAWN'
  | 'ADDRESS_SUPPRESSED'
  | 'FLOW_STEP'
  | 'MESSAGE_SEND';

export type WeightInput = {
  kind: ActivityKind;
  weight: number;
};

export type AttentionQueryVariables = Exact<{ [key: string]: never; }>;


export type AttentionQuery = { attention: { perDay: number | null, perWeek: number | null, perMonth: number | null, quietHours: Array<{ channel: string, start: string, end: string }> } };

export type AttentionSetMutationVariables = Exact<{
  perDay?: number | null | undefined;
  perWeek?: number | null | undefined;
  perMonth?: number | null | undefined;
  quietHours: Array<ChannelQuietHoursInput> | ChannelQuietHoursInput;
}>;


export type AttentionSetMutation = { attentionSet: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type HoldoutQueryVariables = Exact<{ [key: string]: never; }>;


export type HoldoutQuery = { holdout: { percent: number, most: number } };

export type HoldoutSetMutationVariables = Exact<{
  percent: number;
}>;


export type HoldoutSetMutation = { holdoutSet: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type AttributeMappingsQueryVariables = Exact<{ [key: string]: never; }>;


export type AttributeMappingsQuery = { attributeMappings: Array<{ origin: AttributeOrigin, key: string, attribute: { name: string, type: AttributeType, choices: Array<string>, isDayFirst: boolean } | null, consent: { topic: string, channel: string, yes: Array<string>, no: Array<string> } | null }> };

export type AttributeMappingPreviewQueryVariables = Exact<{
  input: AttributeMappingInput;
}>;


export type AttributeMappingPreviewQuery = { attributeMappingPreview: { fit: number, unfit: number, yes: number, no: number, rows: Array<{ text: string, value: string | null, fault: AttributeFault | null }> } };

export type AttributeMappingsUpdateMutationVariables = Exact<{
  mappings: Array<AttributeMappingInput> | AttributeMappingInput;
}>;


export type AttributeMappingsUpdateMutation = { attributeMappingsUpdate: { isShopToBeReadAgain: boolean, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type CustomerFilesQueryVariables = Exact<{ [key: string]: never; }>;


export type CustomerFilesQuery = { customerFiles: Array<{ id: string, name: string, state: CustomerFileState, columns: Array<string>, sample: Array<Array<string>>, lines: number, percent: number | null, rate: number | null, secondsLeft: number | null, uploadedAt: string, guessed: { email: number, firstName: number | null, lastName: number | null, language: number | null, consent: number | null, consentDate: number | null, consentSource: number | null, consentText: number | null, yes: Array<string>, no: Array<string>, neither: Array<string>, everyone: boolean | null, isDayFirst: boolean, date: string, source: string, text: string, attributes: Array<{ column: number, attribute: { name: string, type: AttributeType, choices: Array<string>, isDayFirst: boolean } }> } | null, mapping: { email: number, firstName: number | null, lastName: number | null, language: number | null, consent: number | null, consentDate: number | null, consentSource: number | null, consentText: number | null, yes: Array<string>, no: Array<string>, neither: Array<string>, everyone: boolean | null, isDayFirst: boolean, date: string, source: string, text: string, attributes: Array<{ column: number, attribute: { name: string, type: AttributeType, choices: Array<string>, isDayFirst: boolean } }> } | null, counts: { people: number, new: number, known: number, yes: number, no: number, without: number, staysNo: number, repeated: number, valuesLeftOut: number, refused: Array<{ reason: CustomerFileReason, lines: number }> } | null }> };

export type CustomerFileReadMutationVariables = Exact<{
  id: string | number;
  mapping: CustomerFileMappingInput;
}>;


export type CustomerFileReadMutation = { customerFileRead: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type CustomerFileStartMutationVariables = Exact<{
  id: string | number;
}>;


export type CustomerFileStartMutation = { customerFileStart: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type CustomerFileDeleteMutationVariables = Exact<{
  id: string | number;
}>;


export type CustomerFileDeleteMutation = { customerFileDelete: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type MappingFieldsFragment = { origin: AttributeOrigin, key: string, attribute: { name: string, type: AttributeType, choices: Array<string>, isDayFirst: boolean } | null, consent: { topic: string, channel: string, yes: Array<string>, no: Array<string> } | null };

export type MappedAttributeFieldsFragment = { name: string, type: AttributeType, choices: Array<string>, isDayFirst: boolean };

export type FileMappingFieldsFragment = { email: number, firstName: number | null, lastName: number | null, language: number | null, consent: number | null, consentDate: number | null, consentSource: number | null, consentText: number | null, yes: Array<string>, no: Array<string>, neither: Array<string>, everyone: boolean | null, isDayFirst: boolean, date: string, source: string, text: string, attributes: Array<{ column: number, attribute: { name: string, type: AttributeType, choices: Array<string>, isDayFirst: boolean } }> };

export type FileFieldsFragment = { id: string, name: string, state: CustomerFileState, columns: Array<string>, sample: Array<Array<string>>, lines: number, percent: number | null, rate: number | null, secondsLeft: number | null, uploadedAt: string, guessed: { email: number, firstName: number | null, lastName: number | null, language: number | null, consent: number | null, consentDate: number | null, consentSource: number | null, consentText: number | null, yes: Array<string>, no: Array<string>, neither: Array<string>, everyone: boolean | null, isDayFirst: boolean, date: string, source: string, text: string, attributes: Array<{ column: number, attribute: { name: string, type: AttributeType, choices: Array<string>, isDayFirst: boolean } }> } | null, mapping: { email: number, firstName: number | null, lastName: number | null, language: number | null, consent: number | null, consentDate: number | null, consentSource: number | null, consentText: number | null, yes: Array<string>, no: Array<string>, neither: Array<string>, everyone: boolean | null, isDayFirst: boolean, date: string, source: string, text: string, attributes: Array<{ column: number, attribute: { name: string, type: AttributeType, choices: Array<string>, isDayFirst: boolean } }> } | null, counts: { people: number, new: number, known: number, yes: number, no: number, without: number, staysNo: number, repeated: number, valuesLeftOut: number, refused: Array<{ reason: CustomerFileReason, lines: number }> } | null };

export type ConsentSettingsQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsentSettingsQuery = { consentSettings: { softOptInPossible: Array<string>, isTrackingDefault: boolean, topics: Array<{ key: string, isArchived: boolean, names: Array<{ language: string, text: string }>, descriptions: Array<{ language: string, text: string }> }>, softOptIn: Array<{ country: string, offeredFrom: string, lastsDays: number }> } };

export type ConsentTopicsUpdateMutationVariables = Exact<{
  topics: Array<ConsentTopicInput> | ConsentTopicInput;
}>;


export type ConsentTopicsUpdateMutation = { consentTopicsUpdate: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type ConsentSoftOptInUpdateMutationVariables = Exact<{
  countries: Array<SoftOptInInput> | SoftOptInInput;
}>;


export type ConsentSoftOptInUpdateMutation = { consentSoftOptInUpdate: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type ConsentTrackingSetMutationVariables = Exact<{
  isDefault: boolean;
}>;


export type ConsentTrackingSetMutation = { consentTrackingSet: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type TopicFieldsFragment = { key: string, isArchived: boolean, names: Array<{ language: string, text: string }>, descriptions: Array<{ language: string, text: string }> };

export type CustomerQueryVariables = Exact<{
  userId: string | number;
  language: string;
}>;


export type CustomerQuery = { customer: { id: string, phase: Phase, phaseSince: string | null, orders: number, lastOrderAt: string | null, lossAt: string | null, lossRung: string, consent: ConsentState, nextOrderAt: string | null, chanceWithin30Days: number | null, chanceWithin90Days: number | null, projectionState: ProjectionState, why: { reason: PhaseReason, orders: number, lastOrderAt: string | null, cartOpenUntil: string | null, score: number, words: string }, next: Array<{ trigger: NextTrigger, phase: Phase, at: string | null }>, score: { value: number, part: ScorePart, band: Band, bandUntil: string | null, parts: Array<{ kind: ActivityKind, points: number }> }, spent: Array<{ amount: string, currency: string }>, firstTouch: { at: string, source: string | null, medium: string | null, campaign: string | null, referrerHost: string | null, clickIdName: string | null } | null, lastTouch: { at: string, source: string | null, medium: string | null, campaign: string | null, referrerHost: string | null, clickIdName: string | null } | null, identities: Array<{ id: string, kind: IdentityKind, label: string, joinedAt: string | null, separatedAt: string | null }>, attributes: Array<{ name: string, value: string, origin: AttributeOrigin, at: string }>, activities: Array<{ kind: ActivityKind, at: string, reference: string, cursor: string, money: { amount: string, currency: string } | null, touch: { at: string, source: string | null, medium: string | null, campaign: string | null, referrerHost: string | null, clickIdName: string | null } | null, delivery: { at: string, source: DeliverySource, hasCome: boolean } | null }>, phaseChanges: Array<{ before: Phase | null, after: Phase, at: string, cursor: string, words: string }> } | null };

export type OlderActivitiesQueryVariables = Exact<{
  userId: string | number;
  after: string;
}>;


export type OlderActivitiesQuery = { customer: { activities: Array<{ kind: ActivityKind, at: string, reference: string, cursor: string, money: { amount: string, currency: string } | null, touch: { at: string, source: string | null, medium: string | null, campaign: string | null, referrerHost: string | null, clickIdName: string | null } | null, delivery: { at: string, source: DeliverySource, hasCome: boolean } | null }> } | null };

export type OlderChangesQueryVariables = Exact<{
  userId: string | number;
  after: string;
  language: string;
}>;


export type OlderChangesQuery = { customer: { phaseChanges: Array<{ before: Phase | null, after: Phase, at: string, cursor: string, words: string }> } | null };

export type ActivityFieldsFragment = { kind: ActivityKind, at: string, reference: string, cursor: string, money: { amount: string, currency: string } | null, touch: { at: string, source: string | null, medium: string | null, campaign: string | null, referrerHost: string | null, clickIdName: string | null } | null, delivery: { at: string, source: DeliverySource, hasCome: boolean } | null };

export type ChangeFieldsFragment = { before: Phase | null, after: Phase, at: string, cursor: string, words: string };

export type TouchFieldsFragment = { at: string, source: string | null, medium: string | null, campaign: string | null, referrerHost: string | null, clickIdName: string | null };

export type CustomerFlowsQueryVariables = Exact<{
  userId: string | number;
}>;


export type CustomerFlowsQuery = { customerFlows: Array<{ key: string, name: string, isOn: boolean, isShadow: boolean, isArchived: boolean, passages: number }> };

export type FlowPassagesQueryVariables = Exact<{
  userId: string | number;
  flow: string;
  language: string;
  after?: string | null | undefined;
}>;


export type FlowPassagesQuery = { flowPassages: Array<{ id: string, state: EnrollmentState, enteredAt: string, endedAt: string | null, words: string, cursor: string, decisions: Array<{ at: string, kind: DecisionKind, words: string }> }> };

export type FlowWhyNotQueryVariables = Exact<{
  userId: string | number;
  flow: string;
  language: string;
}>;


export type FlowWhyNotQuery = { flowWhyNot: { findings: Array<{ obstacle: FlowObstacle, words: string }>, refusals: Array<{ at: string, words: string }> } | null };

export type PassageFieldsFragment = { id: string, state: EnrollmentState, enteredAt: string, endedAt: string | null, words: string, cursor: string, decisions: Array<{ at: string, kind: DecisionKind, words: string }> };

export type DeliverabilityQueryVariables = Exact<{ [key: string]: never; }>;


export type DeliverabilityQuery = { deliverability: { windowDays: number, sent: number, pausedAt: string | null, pauseReason: DeliveryHarm | null, domains: Array<{ domain: string, provider: string, selectors: Array<string>, checkedAt: string | null, isBeingChecked: boolean, findings: Array<{ check: DomainCheck, level: DomainFindingLevel, code: string, found: string, count: number | null, put: { host: string, type: string, value: string } | null }> }>, rates: Array<{ harm: DeliveryHarm, count: number, rate: number | null, warnFrom: number, pauseFrom: number, standing: DeliveryStanding }>, days: Array<{ day: string, sent: number, bounced: number, complained: number }>, warmUp: { isOn: boolean, limit: number | null, used: number, begunOn: string | null, endsOn: string | null } } };

export type DeliverabilityCheckMutationVariables = Exact<{ [key: string]: never; }>;


export type DeliverabilityCheckMutation = { deliverabilityCheck: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type DeliverabilityResumeMutationVariables = Exact<{ [key: string]: never; }>;


export type DeliverabilityResumeMutation = { deliverabilityResume: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type WarmUpSetMutationVariables = Exact<{
  isOn: boolean;
}>;


export type WarmUpSetMutation = { warmUpSet: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type DkimSelectorsSetMutationVariables = Exact<{
  domain: string;
  selectors: Array<string> | string;
}>;


export type DkimSelectorsSetMutation = { dkimSelectorsSet: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type DeliverabilityFieldsFragment = { windowDays: number, sent: number, pausedAt: string | null, pauseReason: DeliveryHarm | null, domains: Array<{ domain: string, provider: string, selectors: Array<string>, checkedAt: string | null, isBeingChecked: boolean, findings: Array<{ check: DomainCheck, level: DomainFindingLevel, code: string, found: string, count: number | null, put: { host: string, type: string, value: string } | null }> }>, rates: Array<{ harm: DeliveryHarm, count: number, rate: number | null, warnFrom: number, pauseFrom: number, standing: DeliveryStanding }>, days: Array<{ day: string, sent: number, bounced: number, complained: number }>, warmUp: { isOn: boolean, limit: number | null, used: number, begunOn: string | null, endsOn: string | null } };

export type DeliveriesQueryVariables = Exact<{ [key: string]: never; }>;


export type DeliveriesQuery = { deliverySettings: { metadataKey: string, otherwiseWorkingDays: number, rules: Array<{ method: string, workingDays: number }> } };

export type DeliveriesUpdateMutationVariables = Exact<{
  metadataKey?: string | null | undefined;
  rules?: Array<DeliveryRuleInput> | DeliveryRuleInput | null | undefined;
  otherwiseWorkingDays?: number | null | undefined;
}>;


export type DeliveriesUpdateMutation = { deliverySettingsUpdate: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type FlowsQueryVariables = Exact<{
  isArchived: boolean;
}>;


export type FlowsQuery = { flows: Array<{ key: string, name: string, state: FlowState, version: number | null, trigger: string | null, waiting: number, entered: number, draftAt: string | null }> };

export type FlowDetailQueryVariables = Exact<{
  key: string;
  language: string;
}>;


export type FlowDetailQuery = { flow: { publishedAt: string | null, draftAt: string | null, document: unknown, draft: unknown, key: string, name: string, state: FlowState, version: number | null, trigger: string | null, waiting: number, entered: number, faults: Array<{ path: string, message: string }>, standing: Array<{ version: number, step: string, people: number }>, rules: Array<{ path: string, words: string }>, walk: { moved: number, exited: number, stayed: number, isOver: boolean } | null, settings: { daysBefore: number | null, mayHaveIncentive: boolean, holdout: number, perHour: number | null, delays: Array<{ key: string, seconds: number, counts: FlowClock, template: string }>, incentive: { percent: number, lastsDays: number } | null } | null, versions: Array<{ number: number, publishedAt: string, changes: Array<{ path: string, how: FlowChangeKind, before: unknown, after: unknown }> }> } | null };

export type FlowOutcomeQueryVariables = Exact<{
  key: string;
}>;


export type FlowOutcomeQuery = { flow: { key: string, results: { since: string, windowSeconds: number, entered: number, waiting: number, finished: number, exited: number, failed: number, heldOut: number, sent: number, delivered: number, clicked: number, conversion: { verdict: FlowVerdict, treated: number, heldOut: number, treatedConverted: number, heldOutConverted: number, relative: number | null, relativeLow: number | null, relativeHigh: number | null, weeks: number | null }, amounts: Array<{ treated: { amount: string, currency: string }, heldOut: { amount: string, currency: string }, lift: { verdict: FlowVerdict, treated: number, heldOut: number, treatedConverted: number, heldOutConverted: number, relative: number | null, relativeLow: number | null, relativeHigh: number | null, weeks: number | null } }>, attributed: Array<{ orders: number, revenue: { amount: string, currency: string } }> } | null } | null };

export type FlowHoldoutQueryVariables = Exact<{
  key: string;
}>;


export type FlowHoldoutQuery = { flow: { key: string, holdout: { share: number, people: number, conversions: number | null, revenue: Array<{ amount: string, currency: string }> } | null } | null };

export type FlowSwitchedOnQueryVariables = Exact<{
  key: string;
}>;


export type FlowSwitchedOnQuery = { flow: { key: string, holdout: { share: number, people: number, conversions: number | null, revenue: Array<{ amount: string, currency: string }> } | null, existing: { people: number, perHour: number } | null } | null };

export type FlowVersionsQueryVariables = Exact<{
  key: string;
  before: number;
}>;


export type FlowVersionsQuery = { flow: { key: string, versions: Array<{ number: number, publishedAt: string, changes: Array<{ path: string, how: FlowChangeKind, before: unknown, after: unknown }> }> } | null };

export type FlowMovesQueryVariables = Exact<{
  key: string;
  choices: Array<FlowChoiceInput> | FlowChoiceInput;
}>;


export type FlowMovesQuery = { flowMovePlan: { moves: Array<{ version: number, step: string, people: number, to: string | null }>, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type FlowSwitchMutationVariables = Exact<{
  key: string;
  state: FlowState;
}>;


export type FlowSwitchMutation = { flowSwitch: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type FlowCreateMutationVariables = Exact<{
  key: string;
  name: string;
  document: unknown;
}>;


export type FlowCreateMutation = { flowCreate: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type FlowDraftSaveMutationVariables = Exact<{
  key: string;
  document?: unknown;
  draftAt?: string | null | undefined;
}>;


export type FlowDraftSaveMutation = { flowDraftSave: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type FlowRestoreMutationVariables = Exact<{
  key: string;
  number: number;
  draftAt?: string | null | undefined;
}>;


export type FlowRestoreMutation = { flowRestore: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type FlowPublishMutationVariables = Exact<{
  key: string;
  draftAt: string;
  people: FlowPeople;
  choices: Array<FlowChoiceInput> | FlowChoiceInput;
}>;


export type FlowPublishMutation = { flowPublish: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type FlowCopyMutationVariables = Exact<{
  key: string;
  newKey: string;
  name: string;
}>;


export type FlowCopyMutation = { flowCopy: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type FlowRenameMutationVariables = Exact<{
  key: string;
  name: string;
}>;


export type FlowRenameMutation = { flowRename: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type FlowArchiveMutationVariables = Exact<{
  key: string;
  exits: boolean;
}>;


export type FlowArchiveMutation = { flowArchive: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type FlowUnarchiveMutationVariables = Exact<{
  key: string;
}>;


export type FlowUnarchiveMutation = { flowUnarchive: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type WrongFragment = { field: string | null, message: string, code: ErrorCode };

export type FlowRowFragment = { key: string, name: string, state: FlowState, version: number | null, trigger: string | null, waiting: number, entered: number, draftAt: string | null };

export type FlowVersionRowFragment = { number: number, publishedAt: string, changes: Array<{ path: string, how: FlowChangeKind, before: unknown, after: unknown }> };

export type LiftFieldsFragment = { verdict: FlowVerdict, treated: number, heldOut: number, treatedConverted: number, heldOutConverted: number, relative: number | null, relativeLow: number | null, relativeHigh: number | null, weeks: number | null };

export type OutcomeFieldsFragment = { since: string, windowSeconds: number, entered: number, waiting: number, finished: number, exited: number, failed: number, heldOut: number, sent: number, delivered: number, clicked: number, conversion: { verdict: FlowVerdict, treated: number, heldOut: number, treatedConverted: number, heldOutConverted: number, relative: number | null, relativeLow: number | null, relativeHigh: number | null, weeks: number | null }, amounts: Array<{ treated: { amount: string, currency: string }, heldOut: { amount: string, currency: string }, lift: { verdict: FlowVerdict, treated: number, heldOut: number, treatedConverted: number, heldOutConverted: number, relative: number | null, relativeLow: number | null, relativeHigh: number | null, weeks: number | null } }>, attributed: Array<{ orders: number, revenue: { amount: string, currency: string } }> };

export type ExistingFieldsFragment = { people: number, perHour: number };

export type CostFieldsFragment = { share: number, people: number, conversions: number | null, revenue: Array<{ amount: string, currency: string }> };

export type CartFlowQueryVariables = Exact<{ [key: string]: never; }>;


export type CartFlowQuery = { cartFlow: { key: string, isOn: boolean, results: { entered: number, waiting: number, finished: number, exited: number, recovered: number, exits: Array<{ reason: string, count: number }>, messages: Array<{ state: MessageState, reason: string, count: number }>, recoveredRevenue: Array<{ amount: string, currency: string }> } } | null };

export type FlowFieldsFragment = { key: string, isOn: boolean, results: { entered: number, waiting: number, finished: number, exited: number, recovered: number, exits: Array<{ reason: string, count: number }>, messages: Array<{ state: MessageState, reason: string, count: number }>, recoveredRevenue: Array<{ amount: string, currency: string }> } };

export type FlowInsideQueryVariables = Exact<{
  key: string;
  state: EnrollmentState;
  after?: string | null | undefined;
}>;


export type FlowInsideQuery = { flow: { key: string, people: { endCursor: string | null, hasNextPage: boolean, people: Array<{ customer: string, userId: string | null, email: string | null, state: EnrollmentState, step: string, reason: string, arm: string, enteredAt: string, dueAt: string | null }> } } | null };

export type FlowsBroughtQueryVariables = Exact<{
  isArchived: boolean;
}>;


export type FlowsBroughtQuery = { flows: Array<{ key: string, results: { sent: number, conversion: { verdict: FlowVerdict, treated: number, heldOut: number, treatedConverted: number, heldOutConverted: number, relative: number | null, relativeLow: number | null, relativeHigh: number | null, weeks: number | null }, attributed: Array<{ orders: number, revenue: { amount: string, currency: string } }> } | null }> };

export type FlowSetMutationVariables = Exact<{
  key: string;
  settings: FlowSettingsInput;
}>;


export type FlowSetMutation = { flowSet: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type SettingsFieldsFragment = { daysBefore: number | null, mayHaveIncentive: boolean, holdout: number, perHour: number | null, delays: Array<{ key: string, seconds: number, counts: FlowClock, template: string }>, incentive: { percent: number, lastsDays: number } | null };

export type PersonFieldsFragment = { customer: string, userId: string | null, email: string | null, state: EnrollmentState, step: string, reason: string, arm: string, enteredAt: string, dueAt: string | null };

export type CustomerSeparateMutationVariables = Exact<{
  customerId: string | number;
  identityId: string | number;
}>;


export type CustomerSeparateMutation = { customerSeparate: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type CustomerRejoinMutationVariables = Exact<{
  customerId: string | number;
  identityId: string | number;
}>;


export type CustomerRejoinMutation = { customerRejoin: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type IdentityFieldsFragment = { id: string, kind: IdentityKind, label: string, joinedAt: string | null, separatedAt: string | null };

export type IncentivesQueryVariables = Exact<{ [key: string]: never; }>;


export type IncentivesQuery = { incentives: { isPermitted: boolean, perMonth: number, givenThisMonth: number, marginPercent: number, isMarginKept: boolean, ready: number, given: number, used: number, withdrawn: number, trouble: string } };

export type IncentivesUpdateMutationVariables = Exact<{
  perMonth?: number | null | undefined;
  marginPercent?: number | null | undefined;
}>;


export type IncentivesUpdateMutation = { incentivesUpdate: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type IncentivesFieldsFragment = { isPermitted: boolean, perMonth: number, givenThisMonth: number, marginPercent: number, isMarginKept: boolean, ready: number, given: number, used: number, withdrawn: number, trouble: string };

export type ChannelBrandsQueryVariables = Exact<{ [key: string]: never; }>;


export type ChannelBrandsQuery = { channelBrands: Array<{ channel: string, overridden: Array<string>, brand: { senderName: string, senderEmail: string, replyTo: string, company: string, taxId: string, postalAddress: string, contactEmail: string, privacyUrl: string, logoUrl: string, storefrontUrl: string, cartUrl: string, productUrl: string, color: string, textColor: string } }> };

export type ChannelBrandUpdateMutationVariables = Exact<{
  channel: string;
  input: BrandInput;
}>;


export type ChannelBrandUpdateMutation = { channelBrandUpdate: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type BrandFieldsFragment = { senderName: string, senderEmail: string, replyTo: string, company: string, taxId: string, postalAddress: string, contactEmail: string, privacyUrl: string, logoUrl: string, storefrontUrl: string, cartUrl: string, productUrl: string, color: string, textColor: string };

export type InstallationUpdateMutationVariables = Exact<{
  input: InstallationInput;
}>;


export type InstallationUpdateMutation = { installationUpdate: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type ProjectionSetMutationVariables = Exact<{
  isOn: boolean;
  clears: boolean;
}>;


export type ProjectionSetMutation = { projectionSet: { customers: number, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type ServerKeyCreateMutationVariables = Exact<{ [key: string]: never; }>;


export type ServerKeyCreateMutation = { serverKeyCreate: { key: string, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type ProjectionPaceSetMutationVariables = Exact<{
  perMinute: number;
}>;


export type ProjectionPaceSetMutation = { projectionPaceSet: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type PhaseAttributeSetMutationVariables = Exact<{
  isOn: boolean;
}>;


export type PhaseAttributeSetMutation = { phaseAttributeSet: { customers: number, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type ActivityRetentionSetMutationVariables = Exact<{
  days: number;
}>;


export type ActivityRetentionSetMutation = { activityRetentionSet: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type EditedRecordsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type EditedRecordsQuery = { editedRecords: Array<{ userId: string, phase: string, editedAt: string, cursor: string }> };

export type ImportQueryVariables = Exact<{ [key: string]: never; }>;


export type ImportQuery = { import: { state: ImportState, pagesPerSecond: number, caughtUpAt: string | null, catchUpError: string, parts: Array<{ kind: ImportKind, state: ImportState, done: number, total: number | null, skipped: number, percent: number | null, rate: number | null, secondsLeft: number | null, error: string }> } | null };

export type ImportStartMutationVariables = Exact<{
  restart: boolean;
  pagesPerSecond?: number | null | undefined;
}>;


export type ImportStartMutation = { importStart: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type OverviewQueryVariables = Exact<{ [key: string]: never; }>;


export type OverviewQuery = { viewer: { appPermissionsMissing: Array<string> }, installation: { shopName: string, saleorApiUrl: string, saleorVersion: string, state: InstallationState, timeZone: string, language: string, consentKey: string, activityRetentionDays: number, isProjecting: boolean | null, storefrontKey: string, storefrontApiUrl: string, hasServerKey: boolean, projection: { customers: number, perRequest: number, perMinute: number, waiting: number, isClearing: boolean, edited: number, hasAttribute: boolean, attributeTrouble: string, trouble: string, resumesAt: string | null }, brand: { senderName: string, senderEmail: string, replyTo: string, company: string, taxId: string, postalAddress: string, contactEmail: string, privacyUrl: string, logoUrl: string, storefrontUrl: string, cartUrl: string, productUrl: string, color: string, textColor: string } }, checklist: Array<{ key: ChecklistKey, isDone: boolean }>, phases: Array<{ phase: Phase, customers: number }>, movement: { entered: number, moves: Array<{ before: Phase, after: Phase, cause: Cause, customers: number }>, days: Array<{ day: string, into: Array<{ phase: Phase, customers: number }> }> } };

export type InstallationFieldsFragment = { shopName: string, saleorApiUrl: string, saleorVersion: string, state: InstallationState, timeZone: string, language: string, consentKey: string, activityRetentionDays: number, isProjecting: boolean | null, storefrontKey: string, storefrontApiUrl: string, hasServerKey: boolean, projection: { customers: number, perRequest: number, perMinute: number, waiting: number, isClearing: boolean, edited: number, hasAttribute: boolean, attributeTrouble: string, trouble: string, resumesAt: string | null }, brand: { senderName: string, senderEmail: string, replyTo: string, company: string, taxId: string, postalAddress: string, contactEmail: string, privacyUrl: string, logoUrl: string, storefrontUrl: string, cartUrl: string, productUrl: string, color: string, textColor: string } };

export type ProjectionProgressQueryVariables = Exact<{ [key: string]: never; }>;


export type ProjectionProgressQuery = { installation: { projection: { waiting: number, isClearing: boolean, trouble: string, resumesAt: string | null } } };

export type MailQueryVariables = Exact<{ [key: string]: never; }>;


export type MailQuery = { mail: { operatorsProvider: string, providers: Array<{ provider: string, name: string, isInstalled: boolean, canVerify: boolean, fields: Array<{ name: string, isSecret: boolean, isNeeded: boolean, choices: Array<string> }> }>, accounts: Array<{ channel: string, provider: string, verifiedAt: string | null, heldAt: string | null, heldReason: string, settings: Array<{ name: string, isSet: boolean, value: string | null, endsWith: string | null }> }>, senders: Array<{ address: string, channels: Array<string>, askedAt: string | null, verifiedAt: string | null, isTrusted: boolean, maySend: boolean }> } };

export type MailAccountSaveMutationVariables = Exact<{
  provider: string;
  settings: Array<MailSettingInput> | MailSettingInput;
  channel: string;
}>;


export type MailAccountSaveMutation = { mailAccountSave: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type MailAccountVerifyMutationVariables = Exact<{
  channel: string;
}>;


export type MailAccountVerifyMutation = { mailAccountVerify: { verdict: MailAccountVerdict | null, reason: string, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type MailAccountRemoveMutationVariables = Exact<{
  channel: string;
}>;


export type MailAccountRemoveMutation = { mailAccountRemove: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type MailSenderAskMutationVariables = Exact<{
  address: string;
}>;


export type MailSenderAskMutation = { mailSenderAsk: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type MailFieldsFragment = { operatorsProvider: string, providers: Array<{ provider: string, name: string, isInstalled: boolean, canVerify: boolean, fields: Array<{ name: string, isSecret: boolean, isNeeded: boolean, choices: Array<string> }> }>, accounts: Array<{ channel: string, provider: string, verifiedAt: string | null, heldAt: string | null, heldReason: string, settings: Array<{ name: string, isSet: boolean, value: string | null, endsWith: string | null }> }>, senders: Array<{ address: string, channels: Array<string>, askedAt: string | null, verifiedAt: string | null, isTrusted: boolean, maySend: boolean }> };

export type LossRulesQueryVariables = Exact<{ [key: string]: never; }>;


export type LossRulesQuery = { policy: { version: number, theta: number, k: number, warmFrom: number, hotFrom: number, keepsReturnedBuyers: boolean, appliesRefits: boolean, nextRefitAt: string, before: { halfLifeDays: number, weights: Array<{ kind: ActivityKind, weight: number }> }, customer: { halfLifeDays: number, weights: Array<{ kind: ActivityKind, weight: number }> }, loss: { share: number, earliestDays: number, latestDays: number, setDays: number | null, perChannel: Array<{ channel: string, days: number }> }, fit: { day: string, rung: string, reason: string, buyers: number, reorderers: number, silences: Array<number> } | null }, rescoring: { id: string, kind: RescoringKind, state: RescoringState, percent: number, customers: number, finishedAt: string | null, moves: Array<{ before: Phase, after: Phase, customers: number }>, fit: { day: string, rung: string, reason: string, buyers: number, reorderers: number, silences: Array<number> } | null } | null };

export type PolicyProposeMutationVariables = Exact<{
  input: PolicyInput;
}>;


export type PolicyProposeMutation = { policyPropose: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type RescoringApplyMutationVariables = Exact<{
  id: string | number;
}>;


export type RescoringApplyMutation = { rescoringApply: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type RescoringDiscardMutationVariables = Exact<{
  id: string | number;
}>;


export type RescoringDiscardMutation = { rescoringDiscard: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type RefitSettingsUpdateMutationVariables = Exact<{
  automatic: boolean;
}>;


export type RefitSettingsUpdateMutation = { refitSettingsUpdate: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type PolicyFieldsFragment = { version: number, theta: number, k: number, warmFrom: number, hotFrom: number, keepsReturnedBuyers: boolean, appliesRefits: boolean, nextRefitAt: string, before: { halfLifeDays: number, weights: Array<{ kind: ActivityKind, weight: number }> }, customer: { halfLifeDays: number, weights: Array<{ kind: ActivityKind, weight: number }> }, loss: { share: number, earliestDays: number, latestDays: number, setDays: number | null, perChannel: Array<{ channel: string, days: number }> }, fit: { day: string, rung: string, reason: string, buyers: number, reorderers: number, silences: Array<number> } | null };

export type RescoringFieldsFragment = { id: string, kind: RescoringKind, state: RescoringState, percent: number, customers: number, finishedAt: string | null, moves: Array<{ before: Phase, after: Phase, customers: number }>, fit: { day: string, rung: string, reason: string, buyers: number, reorderers: number, silences: Array<number> } | null };

export type FitFieldsFragment = { day: string, rung: string, reason: string, buyers: number, reorderers: number, silences: Array<number> };

export type ReceivedQueryVariables = Exact<{
  userId: string | number;
}>;


export type ReceivedQuery = { customerConsent: { country: string | null, frequency: MessageFrequency, pausedUntil: string | null, isPersonalised: boolean | null, isTracked: boolean, language: string | null, choices: Array<{ topic: string, channel: string, basis: Basis, refusal: ConsentRefusal | null, source: ConsentSource | null, since: string | null }>, words: Array<{ topic: string, channel: string, source: ConsentSource, isGranted: boolean, at: string, text: string | null }>, suppressions: Array<{ addressHash: string, channel: string, reason: SuppressionReason, at: string, mayBeLifted: boolean }> } | null, consentSettings: { topics: Array<{ key: string, isArchived: boolean, names: Array<{ language: string, text: string }>, descriptions: Array<{ language: string, text: string }> }> }, templates: Array<{ key: string, name: string }>, archived: Array<{ key: string, name: string }>, customerMessages: Array<{ id: string, template: string, channel: string, purpose: MessagePurpose, state: MessageState, reason: string, queuedAt: string, settledAt: string | null, deliveredAt: string | null, clickedAt: string | null, cursor: string, events: Array<{ kind: DeliveryEventKind, at: string, provider: string, isPermanent: boolean | null, verdict: ClickVerdict | null, detail: string }> }> };

export type OlderMessagesQueryVariables = Exact<{
  userId: string | number;
  after: string;
}>;


export type OlderMessagesQuery = { customerMessages: Array<{ id: string, template: string, channel: string, purpose: MessagePurpose, state: MessageState, reason: string, queuedAt: string, settledAt: string | null, deliveredAt: string | null, clickedAt: string | null, cursor: string, events: Array<{ kind: DeliveryEventKind, at: string, provider: string, isPermanent: boolean | null, verdict: ClickVerdict | null, detail: string }> }> };

export type MessageFieldsFragment = { id: string, template: string, channel: string, purpose: MessagePurpose, state: MessageState, reason: string, queuedAt: string, settledAt: string | null, deliveredAt: string | null, clickedAt: string | null, cursor: string, events: Array<{ kind: DeliveryEventKind, at: string, provider: string, isPermanent: boolean | null, verdict: ClickVerdict | null, detail: string }> };

export type DeliveryReportsQueryVariables = Exact<{ [key: string]: never; }>;


export type DeliveryReportsQuery = { deliveryReports: { providers: Array<{ provider: string, signs: boolean, mustSign: boolean }>, sources: Array<{ provider: string, since: string, lastReportAt: string | null }> } };

export type DeliveryReportsSetUpMutationVariables = Exact<{
  provider: string;
  signingKey: string;
}>;


export type DeliveryReportsSetUpMutation = { deliveryReportsSetUp: { address: string | null, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type DeliveryReportsEndMutationVariables = Exact<{
  provider: string;
}>;


export type DeliveryReportsEndMutation = { deliveryReportsEnd: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type SendingQueryVariables = Exact<{ [key: string]: never; }>;


export type SendingQuery = { sending: { offAt: string | null, heldAt: string | null, channels: Array<{ channel: string, offAt: string | null, offReason: string, perMinute: number | null, resumesAt: string | null, trouble: string, serviceOnly: string, waiting: number, scheduled: number, leaving: number, waits: Array<{ reason: string, count: number }> }> } };

export type SendingStopMutationVariables = Exact<{
  channel?: string | null | undefined;
}>;


export type SendingStopMutation = { sendingStop: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type SendingResumeMutationVariables = Exact<{
  channel?: string | null | undefined;
}>;


export type SendingResumeMutation = { sendingResume: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type SendingPaceSetMutationVariables = Exact<{
  channel: string;
  perMinute?: number | null | undefined;
}>;


export type SendingPaceSetMutation = { sendingPaceSet: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type SendingFieldsFragment = { offAt: string | null, heldAt: string | null, channels: Array<{ channel: string, offAt: string | null, offReason: string, perMinute: number | null, resumesAt: string | null, trouble: string, serviceOnly: string, waiting: number, scheduled: number, leaving: number, waits: Array<{ reason: string, count: number }> }> };

export type SuppressionsQueryVariables = Exact<{
  channel: string;
  reason?: SuppressionReason | null | undefined;
  after?: string | null | undefined;
}>;


export type SuppressionsQuery = { suppressions: { endCursor: string | null, hasNextPage: boolean, suppressions: Array<{ addressHash: string, channel: string, reason: SuppressionReason, at: string, mayBeLifted: boolean }> } };

export type SuppressionCountsQueryVariables = Exact<{
  channel: string;
}>;


export type SuppressionCountsQuery = { suppressions: { counts: Array<{ reason: SuppressionReason, count: number }> } };

export type SuppressionOfQueryVariables = Exact<{
  channel: string;
  address: string;
}>;


export type SuppressionOfQuery = { suppressions: { suppressions: Array<{ addressHash: string, channel: string, reason: SuppressionReason, at: string, mayBeLifted: boolean }> } };

export type SuppressionAddMutationVariables = Exact<{
  channel: string;
  address: string;
}>;


export type SuppressionAddMutation = { suppressionAdd: { added: number, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type SuppressionsImportMutationVariables = Exact<{
  channel: string;
  csv: string;
}>;


export type SuppressionsImportMutation = { suppressionsImport: { lines: number, added: number, unreadLines: Array<number>, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type SuppressionLiftMutationVariables = Exact<{
  channel: string;
  addressHash: string | number;
  note: string;
}>;


export type SuppressionLiftMutation = { suppressionLift: { isLifted: boolean, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type SuppressionFieldsFragment = { addressHash: string, channel: string, reason: SuppressionReason, at: string, mayBeLifted: boolean };

export type TemplatesQueryVariables = Exact<{ [key: string]: never; }>;


export type TemplatesQuery = { templates: Array<{ key: string, name: string, context: TemplateContext, purpose: MessagePurpose, archivedAt: string | null, writtenLanguages: Array<string>, usedBy: Array<string>, variants: Array<{ language: string, number: number }> }>, archived: Array<{ key: string, name: string, context: TemplateContext, purpose: MessagePurpose, archivedAt: string | null, writtenLanguages: Array<string>, usedBy: Array<string>, variants: Array<{ language: string, number: number }> }> };

export type TemplateQueryVariables = Exact<{
  key: string;
}>;


export type TemplateQuery = { template: { key: string, name: string, context: TemplateContext, purpose: MessagePurpose, archivedAt: string | null, writtenLanguages: Array<string>, usedBy: Array<string>, variants: Array<{ language: string, number: number }> } | null, viewer: { userId: string, email: string } };

export type TemplateVersionsQueryVariables = Exact<{
  key: string;
  language: string;
  before?: number | null | undefined;
}>;


export type TemplateVersionsQuery = { template: { versions: Array<{ number: number, subject: string, mjml: string, text: string, isTextMade: boolean, savedAt: string, savedBy: string | null, isPublished: boolean }> } | null };

export type TemplateNamesQueryVariables = Exact<{
  context: TemplateContext;
}>;


export type TemplateNamesQuery = { templateNames: { names: Array<string>, filters: Array<string> } };

export type TemplateCheckQueryVariables = Exact<{
  context: TemplateContext;
  purpose: MessagePurpose;
  words: TemplateWordsInput;
  language: string;
}>;


export type TemplateCheckQuery = { templateCheck: { text: string | null, faults: Array<{ part: string, line: number | null, code: TemplateFaultCode, isError: boolean, message: string }>, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type TemplatePreviewQueryVariables = Exact<{
  context: TemplateContext;
  purpose: MessagePurpose;
  words: TemplateWordsInput;
  userId?: string | number | null | undefined;
  channel: string;
  language: string;
}>;


export type TemplatePreviewQuery = { templatePreview: { subject: string | null, html: string | null, text: string | null, invented: Array<string>, faults: Array<{ part: string, line: number | null, code: TemplateFaultCode, isError: boolean, message: string }>, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type TemplateCreateMutationVariables = Exact<{
  key: string;
  name: string;
  context: TemplateContext;
  purpose: MessagePurpose;
  words: TemplateWordsInput;
}>;


export type TemplateCreateMutation = { templateCreate: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type TemplateSaveMutationVariables = Exact<{
  key: string;
  words: TemplateWordsInput;
  publishes: boolean;
  language: string;
}>;


export type TemplateSaveMutation = { templateSave: { version: { number: number } | null, faults: Array<{ part: string, line: number | null, code: TemplateFaultCode, isError: boolean, message: string }>, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type TemplatePublishMutationVariables = Exact<{
  key: string;
  language: string;
  number: number;
}>;


export type TemplatePublishMutation = { templatePublish: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type TemplateUpdateMutationVariables = Exact<{
  key: string;
  name?: string | null | undefined;
  purpose?: MessagePurpose | null | undefined;
}>;


export type TemplateUpdateMutation = { templateUpdate: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type TemplateCopyMutationVariables = Exact<{
  key: string;
  newKey: string;
  name: string;
}>;


export type TemplateCopyMutation = { templateCopy: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type TemplateArchiveMutationVariables = Exact<{
  key: string;
  isArchived: boolean;
}>;


export type TemplateArchiveMutation = { templateArchive: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type TemplateDeleteMutationVariables = Exact<{
  key: string;
}>;


export type TemplateDeleteMutation = { templateDelete: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type TemplateTestSendMutationVariables = Exact<{
  context: TemplateContext;
  purpose: MessagePurpose;
  words: TemplateWordsInput;
  to?: string | null | undefined;
  userId?: string | number | null | undefined;
  channel: string;
}>;


export type TemplateTestSendMutation = { templateTestSend: { address: string | null, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type TemplateRowFragment = { key: string, name: string, context: TemplateContext, purpose: MessagePurpose, archivedAt: string | null, writtenLanguages: Array<string>, usedBy: Array<string>, variants: Array<{ language: string, number: number }> };

export type VersionFieldsFragment = { number: number, subject: string, mjml: string, text: string, isTextMade: boolean, savedAt: string, savedBy: string | null, isPublished: boolean };

export type FaultFieldsFragment = { part: string, line: number | null, code: TemplateFaultCode, isError: boolean, message: string };

export type ShopChannelsQueryVariables = Exact<{ [key: string]: never; }>;


export type ShopChannelsQuery = { shopChannels: Array<{ slug: string, name: string }> };

export type AccountWithEmailQueryVariables = Exact<{
  email: string;
}>;


export type AccountWithEmailQuery = { accountWithEmail: { label: string } | null };

export type EndpointPartsFragment = { id: string, url: string, events: Array<WebhookEvent>, formerSecretUntil: string | null, offAt: string | null, offReason: WebhookEndpointOff | null, failingSince: string | null, resumesAt: string | null, trouble: string, lastTakenAt: string | null, waiting: number, givenUp: number, failures: Array<{ event: string, attempts: number, error: string, nextAttemptAt: string | null }> };

export type WebhookEndpointsQueryVariables = Exact<{ [key: string]: never; }>;


export type WebhookEndpointsQuery = { webhookEndpoints: Array<{ id: string, url: string, events: Array<WebhookEvent>, formerSecretUntil: string | null, offAt: string | null, offReason: WebhookEndpointOff | null, failingSince: string | null, resumesAt: string | null, trouble: string, lastTakenAt: string | null, waiting: number, givenUp: number, failures: Array<{ event: string, attempts: number, error: string, nextAttemptAt: string | null }> }> };

export type WebhookEndpointAddMutationVariables = Exact<{
  url: string;
  events: Array<WebhookEvent> | WebhookEvent;
}>;


export type WebhookEndpointAddMutation = { webhookEndpointAdd: { secret: string | null, endpoint: { id: string } | null, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type WebhookEndpointRotateMutationVariables = Exact<{
  id: string | number;
}>;


export type WebhookEndpointRotateMutation = { webhookEndpointRotate: { secret: string | null, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type WebhookEndpointSwitchMutationVariables = Exact<{
  id: string | number;
  isOn: boolean;
}>;


export type WebhookEndpointSwitchMutation = { webhookEndpointSwitch: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type WebhookEndpointTestMutationVariables = Exact<{
  id: string | number;
}>;


export type WebhookEndpointTestMutation = { webhookEndpointTest: { isTaken: boolean, status: number | null, answer: string, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type WebhookEndpointRemoveMutationVariables = Exact<{
  id: string | number;
}>;


export type WebhookEndpointRemoveMutation = { webhookEndpointRemove: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const MappedAttributeFieldsFragmentDoc = new TypedDocumentString(`
    fragment MappedAttributeFields on MappedAttribute {
  name
  type
  choices
  isDayFirst
}
    `, {"fragmentName":"MappedAttributeFields"}) as unknown as TypedDocumentString<MappedAttributeFieldsFragment, unknown>;
export const MappingFieldsFragmentDoc = new TypedDocumentString(`
    fragment MappingFields on AttributeMapping {
  origin
  key
  attribute {
    ...MappedAttributeFields
  }
  consent {
    topic
    channel
    yes
    no
  }
}
    fragment MappedAttributeFields on MappedAttribute {
  name
  type
  choices
  isDayFirst
}`, {"fragmentName":"MappingFields"}) as unknown as TypedDocumentString<MappingFieldsFragment, unknown>;
export const FileMappingFieldsFragmentDoc = new TypedDocumentString(`
    fragment FileMappingFields on CustomerFileMapping {
  email
  firstName
  lastName
  language
  consent
  consentDate
  consentSource
  consentText
  attributes {
    column
    attribute {
      ...MappedAttributeFields
    }
  }
  yes
  no
  neither
  everyone
  isDayFirst
  date
  source
  text
}
    fragment MappedAttributeFields on MappedAttribute {
  name
  type
  choices
  isDayFirst
}`, {"fragmentName":"FileMappingFields"}) as unknown as TypedDocumentString<FileMappingFieldsFragment, unknown>;
export const FileFieldsFragmentDoc = new TypedDocumentString(`
    fragment FileFields on CustomerFile {
  id
  name
  state
  columns
  sample
  lines
  guessed {
    ...FileMappingFields
  }
  mapping {
    ...FileMappingFields
  }
  counts {
    people
    new
    known
    yes
    no
    without
    staysNo
    repeated
    valuesLeftOut
    refused {
      reason
      lines
    }
  }
  percent
  rate
  secondsLeft
  uploadedAt
}
    fragment MappedAttributeFields on MappedAttribute {
  name
  type
  choices
  isDayFirst
}
fragment FileMappingFields on CustomerFileMapping {
  email
  firstName
  lastName
  language
  consent
  consentDate
  consentSource
  consentText
  attributes {
    column
    attribute {
      ...MappedAttributeFields
    }
  }
  yes
  no
  neither
  everyone
  isDayFirst
  date
  source
  text
}`, {"fragmentName":"FileFields"}) as unknown as TypedDocumentString<FileFieldsFragment, unknown>;
export const TopicFieldsFragmentDoc = new TypedDocumentString(`
    fragment TopicFields on ConsentTopic {
  key
  names {
    language
    text
  }
  descriptions {
    language
    text
  }
  isArchived
}
    `, {"fragmentName":"TopicFields"}) as unknown as TypedDocumentString<TopicFieldsFragment, unknown>;
export const TouchFieldsFragmentDoc = new TypedDocumentString(`
    fragment TouchFields on MarketingTouch {
  at
  source
  medium
  campaign
  referrerHost
  clickIdName
}
    `, {"fragmentName":"TouchFields"}) as unknown as TypedDocumentString<TouchFieldsFragment, unknown>;
export const ActivityFieldsFragmentDoc = new TypedDocumentString(`
    fragment ActivityFields on Activity {
  kind
  at
  reference
  money {
    amount
    currency
  }
  touch {
    ...TouchFields
  }
  delivery {
    at
    source
    hasCome
  }
  cursor
}
    fragment TouchFields on MarketingTouch {
  at
  source
  medium
  campaign
  referrerHost
  clickIdName
}`, {"fragmentName":"ActivityFields"}) as unknown as TypedDocumentString<ActivityFieldsFragment, unknown>;
export const ChangeFieldsFragmentDoc = new TypedDocumentString(`
    fragment ChangeFields on PhaseChange {
  before
  after
  at
  cursor
  words(language: $language)
}
    `, {"fragmentName":"ChangeFields"}) as unknown as TypedDocumentString<ChangeFieldsFragment, unknown>;
export const PassageFieldsFragmentDoc = new TypedDocumentString(`
    fragment PassageFields on FlowPassage {
  id
  state
  enteredAt
  endedAt
  words(language: $language)
  decisions {
    at
    kind
    words(language: $language)
  }
  cursor
}
    `, {"fragmentName":"PassageFields"}) as unknown as TypedDocumentString<PassageFieldsFragment, unknown>;
export const DeliverabilityFieldsFragmentDoc = new TypedDocumentString(`
    fragment DeliverabilityFields on Deliverability {
  domains {
    domain
    provider
    selectors
    checkedAt
    isBeingChecked
    findings {
      check
      level
      code
      found
      count
      put {
        host
        type
        value
      }
    }
  }
  windowDays
  sent
  rates {
    harm
    count
    rate
    warnFrom
    pauseFrom
    standing
  }
  days {
    day
    sent
    bounced
    complained
  }
  warmUp {
    isOn
    limit
    used
    begunOn
    endsOn
  }
  pausedAt
  pauseReason
}
    `, {"fragmentName":"DeliverabilityFields"}) as unknown as TypedDocumentString<DeliverabilityFieldsFragment, unknown>;
export const WrongFragmentDoc = new TypedDocumentString(`
    fragment Wrong on Error {
  field
  message
  code
}
    `, {"fragmentName":"Wrong"}) as unknown as TypedDocumentString<WrongFragment, unknown>;
export const FlowRowFragmentDoc = new TypedDocumentString(`
    fragment FlowRow on AnyFlow {
  key
  name
  state
  version
  trigger
  waiting
  entered
  draftAt
}
    `, {"fragmentName":"FlowRow"}) as unknown as TypedDocumentString<FlowRowFragment, unknown>;
export const FlowVersionRowFragmentDoc = new TypedDocumentString(`
    fragment FlowVersionRow on FlowVersion {
  number
  publishedAt
  changes {
    path
    how
    before
    after
  }
}
    `, {"fragmentName":"FlowVersionRow"}) as unknown as TypedDocumentString<FlowVersionRowFragment, unknown>;
export const LiftFieldsFragmentDoc = new TypedDocumentString(`
    fragment LiftFields on FlowLift {
  verdict
  treated
  heldOut
  treatedConverted
  heldOutConverted
  relative
  relativeLow
  relativeHigh
  weeks
}
    `, {"fragmentName":"LiftFields"}) as unknown as TypedDocumentString<LiftFieldsFragment, unknown>;
export const OutcomeFieldsFragmentDoc = new TypedDocumentString(`
    fragment OutcomeFields on FlowOutcome {
  since
  windowSeconds
  entered
  waiting
  finished
  exited
  failed
  heldOut
  sent
  delivered
  clicked
  conversion {
    ...LiftFields
  }
  amounts {
    treated {
      amount
      currency
    }
    heldOut {
      amount
      currency
    }
    lift {
      ...LiftFields
    }
  }
  attributed {
    orders
    revenue {
      amount
      currency
    }
  }
}
    fragment LiftFields on FlowLift {
  verdict
  treated
  heldOut
  treatedConverted
  heldOutConverted
  relative
  relativeLow
  relativeHigh
  weeks
}`, {"fragmentName":"OutcomeFields"}) as unknown as TypedDocumentString<OutcomeFieldsFragment, unknown>;
export const ExistingFieldsFragmentDoc = new TypedDocumentString(`
    fragment ExistingFields on FlowExisting {
  people
  perHour
}
    `, {"fragmentName":"ExistingFields"}) as unknown as TypedDocumentString<ExistingFieldsFragment, unknown>;
export const CostFieldsFragmentDoc = new TypedDocumentString(`
    fragment CostFields on HoldoutCost {
  share
  people
  conversions
  revenue {
    amount
    currency
  }
}
    `, {"fragmentName":"CostFields"}) as unknown as TypedDocumentString<CostFieldsFragment, unknown>;
export const FlowFieldsFragmentDoc = new TypedDocumentString(`
    fragment FlowFields on Flow {
  key
  isOn
  results(days: 30) {
    entered
    waiting
    finished
    exited
    exits {
      reason
      count
    }
    messages {
      state
      reason
      count
    }
    recovered
    recoveredRevenue {
      amount
      currency
    }
  }
}
    `, {"fragmentName":"FlowFields"}) as unknown as TypedDocumentString<FlowFieldsFragment, unknown>;
export const SettingsFieldsFragmentDoc = new TypedDocumentString(`
    fragment SettingsFields on FlowSettings {
  delays {
    key
    seconds
    counts
    template
  }
  daysBefore
  incentive {
    percent
    lastsDays
  }
  mayHaveIncentive
  holdout
  perHour
}
    `, {"fragmentName":"SettingsFields"}) as unknown as TypedDocumentString<SettingsFieldsFragment, unknown>;
export const PersonFieldsFragmentDoc = new TypedDocumentString(`
    fragment PersonFields on FlowPerson {
  customer
  userId
  email
  state
  step
  reason
  arm
  enteredAt
  dueAt
}
    `, {"fragmentName":"PersonFields"}) as unknown as TypedDocumentString<PersonFieldsFragment, unknown>;
export const IdentityFieldsFragmentDoc = new TypedDocumentString(`
    fragment IdentityFields on Identity {
  id
  kind
  label
  joinedAt
  separatedAt
}
    `, {"fragmentName":"IdentityFields"}) as unknown as TypedDocumentString<IdentityFieldsFragment, unknown>;
export const IncentivesFieldsFragmentDoc = new TypedDocumentString(`
    fragment IncentivesFields on Incentives {
  isPermitted
  perMonth
  givenThisMonth
  marginPercent
  isMarginKept
  ready
  given
  used
  withdrawn
  trouble
}
    `, {"fragmentName":"IncentivesFields"}) as unknown as TypedDocumentString<IncentivesFieldsFragment, unknown>;
export const BrandFieldsFragmentDoc = new TypedDocumentString(`
    fragment BrandFields on Brand {
  senderName
  senderEmail
  replyTo
  company
  taxId
  postalAddress
  contactEmail
  privacyUrl
  logoUrl
  storefrontUrl
  cartUrl
  productUrl
  color
  textColor
}
    `, {"fragmentName":"BrandFields"}) as unknown as TypedDocumentString<BrandFieldsFragment, unknown>;
export const InstallationFieldsFragmentDoc = new TypedDocumentString(`
    fragment InstallationFields on Installation {
  shopName
  saleorApiUrl
  saleorVersion
  state
  timeZone
  language
  consentKey
  activityRetentionDays
  isProjecting
  projection {
    customers
    perRequest
    perMinute
    waiting
    isClearing
    edited
    hasAttribute
    attributeTrouble
    trouble
    resumesAt
  }
  brand {
    senderName
    senderEmail
    replyTo
    company
    taxId
    postalAddress
    contactEmail
    privacyUrl
    logoUrl
    storefrontUrl
    cartUrl
    productUrl
    color
    textColor
  }
  storefrontKey
  storefrontApiUrl
  hasServerKey
}
    `, {"fragmentName":"InstallationFields"}) as unknown as TypedDocumentString<InstallationFieldsFragment, unknown>;
export const MailFieldsFragmentDoc = new TypedDocumentString(`
    fragment MailFields on Mail {
  operatorsProvider
  providers {
    provider
    name
    isInstalled
    canVerify
    fields {
      name
      isSecret
      isNeeded
      choices
    }
  }
  accounts {
    channel
    provider
    verifiedAt
    heldAt
    heldReason
    settings {
      name
      isSet
      value
      endsWith
    }
  }
  senders {
    address
    channels
    askedAt
    verifiedAt
    isTrusted
    maySend
  }
}
    `, {"fragmentName":"MailFields"}) as unknown as TypedDocumentString<MailFieldsFragment, unknown>;
export const FitFieldsFragmentDoc = new TypedDocumentString(`
    fragment FitFields on Fit {
  day
  rung
  reason
  buyers
  reorderers
  silences
}
    `, {"fragmentName":"FitFields"}) as unknown as TypedDocumentString<FitFieldsFragment, unknown>;
export const PolicyFieldsFragmentDoc = new TypedDocumentString(`
    fragment PolicyFields on Policy {
  version
  before {
    halfLifeDays
    weights {
      kind
      weight
    }
  }
  customer {
    halfLifeDays
    weights {
      kind
      weight
    }
  }
  theta
  k
  warmFrom
  hotFrom
  keepsReturnedBuyers
  loss {
    share
    earliestDays
    latestDays
    setDays
    perChannel {
      channel
      days
    }
  }
  fit {
    ...FitFields
  }
  appliesRefits
  nextRefitAt
}
    fragment FitFields on Fit {
  day
  rung
  reason
  buyers
  reorderers
  silences
}`, {"fragmentName":"PolicyFields"}) as unknown as TypedDocumentString<PolicyFieldsFragment, unknown>;
export const RescoringFieldsFragmentDoc = new TypedDocumentString(`
    fragment RescoringFields on Rescoring {
  id
  kind
  state
  percent
  customers
  moves {
    before
    after
    customers
  }
  fit {
    ...FitFields
  }
  finishedAt
}
    fragment FitFields on Fit {
  day
  rung
  reason
  buyers
  reorderers
  silences
}`, {"fragmentName":"RescoringFields"}) as unknown as TypedDocumentString<RescoringFieldsFragment, unknown>;
export const MessageFieldsFragmentDoc = new TypedDocumentString(`
    fragment MessageFields on CustomerMessage {
  id
  template
  channel
  purpose
  state
  reason
  queuedAt
  settledAt
  deliveredAt
  clickedAt
  events {
    kind
    at
    provider
    isPermanent
    verdict
    detail
  }
  cursor
}
    `, {"fragmentName":"MessageFields"}) as unknown as TypedDocumentString<MessageFieldsFragment, unknown>;
export const SendingFieldsFragmentDoc = new TypedDocumentString(`
    fragment SendingFields on Sending {
  offAt
  heldAt
  channels {
    channel
    offAt
    offReason
    perMinute
    resumesAt
    trouble
    serviceOnly
    waiting
    scheduled
    leaving
    waits {
      reason
      count
    }
  }
}
    `, {"fragmentName":"SendingFields"}) as unknown as TypedDocumentString<SendingFieldsFragment, unknown>;
export const SuppressionFieldsFragmentDoc = new TypedDocumentString(`
    fragment SuppressionFields on Suppression {
  addressHash
  channel
  reason
  at
  mayBeLifted
}
    `, {"fragmentName":"SuppressionFields"}) as unknown as TypedDocumentString<SuppressionFieldsFragment, unknown>;
export const TemplateRowFragmentDoc = new TypedDocumentString(`
    fragment TemplateRow on Template {
  key
  name
  context
  purpose
  archivedAt
  writtenLanguages
  usedBy
  variants {
    language
    number
  }
}
    `, {"fragmentName":"TemplateRow"}) as unknown as TypedDocumentString<TemplateRowFragment, unknown>;
export const VersionFieldsFragmentDoc = new TypedDocumentString(`
    fragment VersionFields on TemplateVersion {
  number
  subject
  mjml
  text
  isTextMade
  savedAt
  savedBy
  isPublished
}
    `, {"fragmentName":"VersionFields"}) as unknown as TypedDocumentString<VersionFieldsFragment, unknown>;
export const FaultFieldsFragmentDoc = new TypedDocumentString(`
    fragment FaultFields on TemplateFault {
  part
  line
  code
  isError
  message(language: $language)
}
    `, {"fragmentName":"FaultFields"}) as unknown as TypedDocumentString<FaultFieldsFragment, unknown>;
export const EndpointPartsFragmentDoc = new TypedDocumentString(`
    fragment EndpointParts on WebhookEndpoint {
  id
  url
  events
  formerSecretUntil
  offAt
  offReason
  failingSince
  resumesAt
  trouble
  lastTakenAt
  waiting
  givenUp
  failures {
    event
    attempts
    error
    nextAttemptAt
  }
}
    `, {"fragmentName":"EndpointParts"}) as unknown as TypedDocumentString<EndpointPartsFragment, unknown>;
export const AttentionDocument = new TypedDocumentString(`
    query Attention {
  attention {
    perDay
    perWeek
    perMonth
    quietHours {
      channel
      start
      end
    }
  }
}
    `) as unknown as TypedDocumentString<AttentionQuery, AttentionQueryVariables>;
export const AttentionSetDocument = new TypedDocumentString(`
    mutation AttentionSet($perDay: Int, $perWeek: Int, $perMonth: Int, $quietHours: [ChannelQuietHoursInput!]!) {
  attentionSet(
    perDay: $perDay
    perWeek: $perWeek
    perMonth: $perMonth
    quietHours: $quietHours
  ) {
    errors {
      ...Wrong
    }
  }
}
    fragment Wrong on Error {
  field
  message
  code
}`) as unknown as TypedDocumentString<AttentionSetMutation, AttentionSetMutationVariables>;
export const HoldoutDocument = new TypedDocumentString(`
    query Holdout {
  holdout {
    percent
    most
  }
}
    `) as unknown as TypedDocumentString<HoldoutQuery, HoldoutQueryVariables>;
export const HoldoutSetDocument = new TypedDocumentString(`
    mutation HoldoutSet($percent: Int!) {
  holdoutSet(percent: $percent) {
    errors {
      ...Wrong
    }
  }
}
    fragment Wrong on Error {
  field
  message
  code
}`) as unknown as TypedDocumentString<HoldoutSetMutation, HoldoutSetMutationVariables>;
export const AttributeMappingsDocument = new TypedDocumentString(`
    query AttributeMappings {
  attributeMappings {
    ...MappingFields
  }
}
    fragment MappingFields on AttributeMapping {
  origin
  key
  attribute {
    ...MappedAttributeFields
  }
  consent {
    topic
    channel
    yes
    no
  }
}
fragment MappedAttributeFields on MappedAttribute {
  name
  type
  choices
  isDayFirst
}`) as unknown as TypedDocumentString<AttributeMappingsQuery, AttributeMappingsQueryVariables>;
export const AttributeMappingPreviewDocument = new TypedDocumentString(`
    query AttributeMappingPreview($input: AttributeMappingInput!) {
  attributeMappingPreview(input: $input, first: 20) {
    rows {
      text
      value
      fault
    }
    fit
    unfit
    yes
    no
  }
}
    `) as unknown as TypedDocumentString<AttributeMappingPreviewQuery, AttributeMappingPreviewQueryVariables>;
export const AttributeMappingsUpdateDocument = new TypedDocumentString(`
    mutation AttributeMappingsUpdate($mappings: [AttributeMappingInput!]!) {
  attributeMappingsUpdate(mappings: $mappings) {
    isShopToBeReadAgain
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<AttributeMappingsUpdateMutation, AttributeMappingsUpdateMutationVariables>;
export const CustomerFilesDocument = new TypedDocumentString(`
    query CustomerFiles {
  customerFiles(first: 10) {
    ...FileFields
  }
}
    fragment MappedAttributeFields on MappedAttribute {
  name
  type
  choices
  isDayFirst
}
fragment FileMappingFields on CustomerFileMapping {
  email
  firstName
  lastName
  language
  consent
  consentDate
  consentSource
  consentText
  attributes {
    column
    attribute {
      ...MappedAttributeFields
    }
  }
  yes
  no
  neither
  everyone
  isDayFirst
  date
  source
  text
}
fragment FileFields on CustomerFile {
  id
  name
  state
  columns
  sample
  lines
  guessed {
    ...FileMappingFields
  }
  mapping {
    ...FileMappingFields
  }
  counts {
    people
    new
    known
    yes
    no
    without
    staysNo
    repeated
    valuesLeftOut
    refused {
      reason
      lines
    }
  }
  percent
  rate
  secondsLeft
  uploadedAt
}`) as unknown as TypedDocumentString<CustomerFilesQuery, CustomerFilesQueryVariables>;
export const CustomerFileReadDocument = new TypedDocumentString(`
    mutation CustomerFileRead($id: ID!, $mapping: CustomerFileMappingInput!) {
  customerFileRead(id: $id, mapping: $mapping) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CustomerFileReadMutation, CustomerFileReadMutationVariables>;
export const CustomerFileStartDocument = new TypedDocumentString(`
    mutation CustomerFileStart($id: ID!) {
  customerFileStart(id: $id) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CustomerFileStartMutation, CustomerFileStartMutationVariables>;
export const CustomerFileDeleteDocument = new TypedDocumentString(`
    mutation CustomerFileDelete($id: ID!) {
  customerFileDelete(id: $id) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CustomerFileDeleteMutation, CustomerFileDeleteMutationVariables>;
export const ConsentSettingsDocument = new TypedDocumentString(`
    query ConsentSettings {
  consentSettings {
    topics {
      ...TopicFields
    }
    softOptIn {
      country
      offeredFrom
      lastsDays
    }
    softOptInPossible
    isTrackingDefault
  }
}
    fragment TopicFields on ConsentTopic {
  key
  names {
    language
    text
  }
  descriptions {
    language
    text
  }
  isArchived
}`) as unknown as TypedDocumentString<ConsentSettingsQuery, ConsentSettingsQueryVariables>;
export const ConsentTopicsUpdateDocument = new TypedDocumentString(`
    mutation ConsentTopicsUpdate($topics: [ConsentTopicInput!]!) {
  consentTopicsUpdate(topics: $topics) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ConsentTopicsUpdateMutation, ConsentTopicsUpdateMutationVariables>;
export const ConsentSoftOptInUpdateDocument = new TypedDocumentString(`
    mutation ConsentSoftOptInUpdate($countries: [SoftOptInInput!]!) {
  consentSoftOptInUpdate(countries: $countries) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ConsentSoftOptInUpdateMutation, ConsentSoftOptInUpdateMutationVariables>;
export const ConsentTrackingSetDocument = new TypedDocumentString(`
    mutation ConsentTrackingSet($isDefault: Boolean!) {
  consentTrackingSet(isDefault: $isDefault) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ConsentTrackingSetMutation, ConsentTrackingSetMutationVariables>;
export const CustomerDocument = new TypedDocumentString(`
    query Customer($userId: ID!, $language: String!) {
  customer(userId: $userId) {
    id
    phase
    phaseSince
    why {
      reason
      orders
      lastOrderAt
      cartOpenUntil
      score
      words(language: $language)
    }
    next {
      trigger
      phase
      at
    }
    score {
      value
      part
      band
      bandUntil
      parts {
        kind
        points
      }
    }
    orders
    lastOrderAt
    spent {
      amount
      currency
    }
    lossAt
    lossRung
    consent
    nextOrderAt
    chanceWithin30Days
    chanceWithin90Days
    projectionState
    firstTouch {
      ...TouchFields
    }
    lastTouch {
      ...TouchFields
    }
    identities {
      ...IdentityFields
    }
    attributes {
      name
      value
      origin
      at
    }
    activities(first: 10) {
      ...ActivityFields
    }
    phaseChanges(first: 10) {
      ...ChangeFields
    }
  }
}
    fragment ActivityFields on Activity {
  kind
  at
  reference
  money {
    amount
    currency
  }
  touch {
    ...TouchFields
  }
  delivery {
    at
    source
    hasCome
  }
  cursor
}
fragment ChangeFields on PhaseChange {
  before
  after
  at
  cursor
  words(language: $language)
}
fragment TouchFields on MarketingTouch {
  at
  source
  medium
  campaign
  referrerHost
  clickIdName
}
fragment IdentityFields on Identity {
  id
  kind
  label
  joinedAt
  separatedAt
}`) as unknown as TypedDocumentString<CustomerQuery, CustomerQueryVariables>;
export const OlderActivitiesDocument = new TypedDocumentString(`
    query OlderActivities($userId: ID!, $after: String!) {
  customer(userId: $userId) {
    activities(first: 10, after: $after) {
      ...ActivityFields
    }
  }
}
    fragment ActivityFields on Activity {
  kind
  at
  reference
  money {
    amount
    currency
  }
  touch {
    ...TouchFields
  }
  delivery {
    at
    source
    hasCome
  }
  cursor
}
fragment TouchFields on MarketingTouch {
  at
  source
  medium
  campaign
  referrerHost
  clickIdName
}`) as unknown as TypedDocumentString<OlderActivitiesQuery, OlderActivitiesQueryVariables>;
export const OlderChangesDocument = new TypedDocumentString(`
    query OlderChanges($userId: ID!, $after: String!, $language: String!) {
  customer(userId: $userId) {
    phaseChanges(first: 10, after: $after) {
      ...ChangeFields
    }
  }
}
    fragment ChangeFields on PhaseChange {
  before
  after
  at
  cursor
  words(language: $language)
}`) as unknown as TypedDocumentString<OlderChangesQuery, OlderChangesQueryVariables>;
export const CustomerFlowsDocument = new TypedDocumentString(`
    query CustomerFlows($userId: ID!) {
  customerFlows(userId: $userId) {
    key
    name
    isOn
    isShadow
    isArchived
    passages
  }
}
    `) as unknown as TypedDocumentString<CustomerFlowsQuery, CustomerFlowsQueryVariables>;
export const FlowPassagesDocument = new TypedDocumentString(`
    query FlowPassages($userId: ID!, $flow: String!, $language: String!, $after: String) {
  flowPassages(userId: $userId, flow: $flow, first: 5, after: $after) {
    ...PassageFields
  }
}
    fragment PassageFields on FlowPassage {
  id
  state
  enteredAt
  endedAt
  words(language: $language)
  decisions {
    at
    kind
    words(language: $language)
  }
  cursor
}`) as unknown as TypedDocumentString<FlowPassagesQuery, FlowPassagesQueryVariables>;
export const FlowWhyNotDocument = new TypedDocumentString(`
    query FlowWhyNot($userId: ID!, $flow: String!, $language: String!) {
  flowWhyNot(userId: $userId, flow: $flow) {
    findings {
      obstacle
      words(language: $language)
    }
    refusals {
      at
      words(language: $language)
    }
  }
}
    `) as unknown as TypedDocumentString<FlowWhyNotQuery, FlowWhyNotQueryVariables>;
export const DeliverabilityDocument = new TypedDocumentString(`
    query Deliverability {
  deliverability {
    ...DeliverabilityFields
  }
}
    fragment DeliverabilityFields on Deliverability {
  domains {
    domain
    provider
    selectors
    checkedAt
    isBeingChecked
    findings {
      check
      level
      code
      found
      count
      put {
        host
        type
        value
      }
    }
  }
  windowDays
  sent
  rates {
    harm
    count
    rate
    warnFrom
    pauseFrom
    standing
  }
  days {
    day
    sent
    bounced
    complained
  }
  warmUp {
    isOn
    limit
    used
    begunOn
    endsOn
  }
  pausedAt
  pauseReason
}`) as unknown as TypedDocumentString<DeliverabilityQuery, DeliverabilityQueryVariables>;
export const DeliverabilityCheckDocument = new TypedDocumentString(`
    mutation DeliverabilityCheck {
  deliverabilityCheck {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<DeliverabilityCheckMutation, DeliverabilityCheckMutationVariables>;
export const DeliverabilityResumeDocument = new TypedDocumentString(`
    mutation DeliverabilityResume {
  deliverabilityResume {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<DeliverabilityResumeMutation, DeliverabilityResumeMutationVariables>;
export const WarmUpSetDocument = new TypedDocumentString(`
    mutation WarmUpSet($isOn: Boolean!) {
  warmUpSet(isOn: $isOn) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<WarmUpSetMutation, WarmUpSetMutationVariables>;
export const DkimSelectorsSetDocument = new TypedDocumentString(`
    mutation DkimSelectorsSet($domain: String!, $selectors: [String!]!) {
  dkimSelectorsSet(domain: $domain, selectors: $selectors) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<DkimSelectorsSetMutation, DkimSelectorsSetMutationVariables>;
export const DeliveriesDocument = new TypedDocumentString(`
    query Deliveries {
  deliverySettings {
    metadataKey
    rules {
      method
      workingDays
    }
    otherwiseWorkingDays
  }
}
    `) as unknown as TypedDocumentString<DeliveriesQuery, DeliveriesQueryVariables>;
export const DeliveriesUpdateDocument = new TypedDocumentString(`
    mutation DeliveriesUpdate($metadataKey: String, $rules: [DeliveryRuleInput!], $otherwiseWorkingDays: Int) {
  deliverySettingsUpdate(
    metadataKey: $metadataKey
    rules: $rules
    otherwiseWorkingDays: $otherwiseWorkingDays
  ) {
    errors {
      ...Wrong
    }
  }
}
    fragment Wrong on Error {
  field
  message
  code
}`) as unknown as TypedDocumentString<DeliveriesUpdateMutation, DeliveriesUpdateMutationVariables>;
export const FlowsDocument = new TypedDocumentString(`
    query Flows($isArchived: Boolean!) {
  flows(isArchived: $isArchived) {
    ...FlowRow
  }
}
    fragment FlowRow on AnyFlow {
  key
  name
  state
  version
  trigger
  waiting
  entered
  draftAt
}`) as unknown as TypedDocumentString<FlowsQuery, FlowsQueryVariables>;
export const FlowDetailDocument = new TypedDocumentString(`
    query FlowDetail($key: String!, $language: String!) {
  flow(key: $key) {
    ...FlowRow
    publishedAt
    draftAt
    document
    draft
    faults {
      path
      message
    }
    standing {
      version
      step
      people
    }
    rules(language: $language) {
      path
      words
    }
    walk {
      moved
      exited
      stayed
      isOver
    }
    settings {
      ...SettingsFields
    }
    versions(first: 10) {
      ...FlowVersionRow
    }
  }
}
    fragment FlowRow on AnyFlow {
  key
  name
  state
  version
  trigger
  waiting
  entered
  draftAt
}
fragment FlowVersionRow on FlowVersion {
  number
  publishedAt
  changes {
    path
    how
    before
    after
  }
}
fragment SettingsFields on FlowSettings {
  delays {
    key
    seconds
    counts
    template
  }
  daysBefore
  incentive {
    percent
    lastsDays
  }
  mayHaveIncentive
  holdout
  perHour
}`) as unknown as TypedDocumentString<FlowDetailQuery, FlowDetailQueryVariables>;
export const FlowOutcomeDocument = new TypedDocumentString(`
    query FlowOutcome($key: String!) {
  flow(key: $key) {
    key
    results {
      ...OutcomeFields
    }
  }
}
    fragment LiftFields on FlowLift {
  verdict
  treated
  heldOut
  treatedConverted
  heldOutConverted
  relative
  relativeLow
  relativeHigh
  weeks
}
fragment OutcomeFields on FlowOutcome {
  since
  windowSeconds
  entered
  waiting
  finished
  exited
  failed
  heldOut
  sent
  delivered
  clicked
  conversion {
    ...LiftFields
  }
  amounts {
    treated {
      amount
      currency
    }
    heldOut {
      amount
      currency
    }
    lift {
      ...LiftFields
    }
  }
  attributed {
    orders
    revenue {
      amount
      currency
    }
  }
}`) as unknown as TypedDocumentString<FlowOutcomeQuery, FlowOutcomeQueryVariables>;
export const FlowHoldoutDocument = new TypedDocumentString(`
    query FlowHoldout($key: String!) {
  flow(key: $key) {
    key
    holdout {
      ...CostFields
    }
  }
}
    fragment CostFields on HoldoutCost {
  share
  people
  conversions
  revenue {
    amount
    currency
  }
}`) as unknown as TypedDocumentString<FlowHoldoutQuery, FlowHoldoutQueryVariables>;
export const FlowSwitchedOnDocument = new TypedDocumentString(`
    query FlowSwitchedOn($key: String!) {
  flow(key: $key) {
    key
    holdout {
      ...CostFields
    }
    existing {
      ...ExistingFields
    }
  }
}
    fragment ExistingFields on FlowExisting {
  people
  perHour
}
fragment CostFields on HoldoutCost {
  share
  people
  conversions
  revenue {
    amount
    currency
  }
}`) as unknown as TypedDocumentString<FlowSwitchedOnQuery, FlowSwitchedOnQueryVariables>;
export const FlowVersionsDocument = new TypedDocumentString(`
    query FlowVersions($key: String!, $before: Int!) {
  flow(key: $key) {
    key
    versions(first: 10, before: $before) {
      ...FlowVersionRow
    }
  }
}
    fragment FlowVersionRow on FlowVersion {
  number
  publishedAt
  changes {
    path
    how
    before
    after
  }
}`) as unknown as TypedDocumentString<FlowVersionsQuery, FlowVersionsQueryVariables>;
export const FlowMovesDocument = new TypedDocumentString(`
    query FlowMoves($key: String!, $choices: [FlowChoiceInput!]!) {
  flowMovePlan(key: $key, choices: $choices) {
    moves {
      version
      step
      people
      to
    }
    errors {
      ...Wrong
    }
  }
}
    fragment Wrong on Error {
  field
  message
  code
}`) as unknown as TypedDocumentString<FlowMovesQuery, FlowMovesQueryVariables>;
export const FlowSwitchDocument = new TypedDocumentString(`
    mutation FlowSwitch($key: String!, $state: FlowState!) {
  flowSwitch(key: $key, state: $state) {
    errors {
      ...Wrong
    }
  }
}
    fragment Wrong on Error {
  field
  message
  code
}`) as unknown as TypedDocumentString<FlowSwitchMutation, FlowSwitchMutationVariables>;
export const FlowCreateDocument = new TypedDocumentString(`
    mutation FlowCreate($key: String!, $name: String!, $document: JSON!) {
  flowCreate(key: $key, name: $name, document: $document) {
    errors {
      ...Wrong
    }
  }
}
    fragment Wrong on Error {
  field
  message
  code
}`) as unknown as TypedDocumentString<FlowCreateMutation, FlowCreateMutationVariables>;
export const FlowDraftSaveDocument = new TypedDocumentString(`
    mutation FlowDraftSave($key: String!, $document: JSON, $draftAt: DateTime) {
  flowDraftSave(key: $key, document: $document, draftAt: $draftAt) {
    errors {
      ...Wrong
    }
  }
}
    fragment Wrong on Error {
  field
  message
  code
}`) as unknown as TypedDocumentString<FlowDraftSaveMutation, FlowDraftSaveMutationVariables>;
export const FlowRestoreDocument = new TypedDocumentString(`
    mutation FlowRestore($key: String!, $number: Int!, $draftAt: DateTime) {
  flowRestore(key: $key, number: $number, draftAt: $draftAt) {
    errors {
      ...Wrong
    }
  }
}
    fragment Wrong on Error {
  field
  message
  code
}`) as unknown as TypedDocumentString<FlowRestoreMutation, FlowRestoreMutationVariables>;
export const FlowPublishDocument = new TypedDocumentString(`
    mutation FlowPublish($key: String!, $draftAt: DateTime!, $people: FlowPeople!, $choices: [FlowChoiceInput!]!) {
  flowPublish(key: $key, draftAt: $draftAt, people: $people, choices: $choices) {
    errors {
      ...Wrong
    }
  }
}
    fragment Wrong on Error {
  field
  message
  code
}`) as unknown as TypedDocumentString<FlowPublishMutation, FlowPublishMutationVariables>;
export const FlowCopyDocument = new TypedDocumentString(`
    mutation FlowCopy($key: String!, $newKey: String!, $name: String!) {
  flowCopy(key: $key, newKey: $newKey, name: $name) {
    errors {
      ...Wrong
    }
  }
}
    fragment Wrong on Error {
  field
  message
  code
}`) as unknown as TypedDocumentString<FlowCopyMutation, FlowCopyMutationVariables>;
export const FlowRenameDocument = new TypedDocumentString(`
    mutation FlowRename($key: String!, $name: String!) {
  flowRename(key: $key, name: $name) {
    errors {
      ...Wrong
    }
  }
}
    fragment Wrong on Error {
  field
  message
  code
}`) as unknown as TypedDocumentString<FlowRenameMutation, FlowRenameMutationVariables>;
export const FlowArchiveDocument = new TypedDocumentString(`
    mutation FlowArchive($key: String!, $exits: Boolean!) {
  flowArchive(key: $key, exits: $exits) {
    errors {
      ...Wrong
    }
  }
}
    fragment Wrong on Error {
  field
  message
  code
}`) as unknown as TypedDocumentString<FlowArchiveMutation, FlowArchiveMutationVariables>;
export const FlowUnarchiveDocument = new TypedDocumentString(`
    mutation FlowUnarchive($key: String!) {
  flowUnarchive(key: $key) {
    errors {
      ...Wrong
    }
  }
}
    fragment Wrong on Error {
  field
  message
  code
}`) as unknown as TypedDocumentString<FlowUnarchiveMutation, FlowUnarchiveMutationVariables>;
export const CartFlowDocument = new TypedDocumentString(`
    query CartFlow {
  cartFlow {
    ...FlowFields
  }
}
    fragment FlowFields on Flow {
  key
  isOn
  results(days: 30) {
    entered
    waiting
    finished
    exited
    exits {
      reason
      count
    }
    messages {
      state
      reason
      count
    }
    recovered
    recoveredRevenue {
      amount
      currency
    }
  }
}`) as unknown as TypedDocumentString<CartFlowQuery, CartFlowQueryVariables>;
export const FlowInsideDocument = new TypedDocumentString(`
    query FlowInside($key: String!, $state: EnrollmentState!, $after: String) {
  flow(key: $key) {
    key
    people(state: $state, first: 20, after: $after) {
      people {
        ...PersonFields
      }
      endCursor
      hasNextPage
    }
  }
}
    fragment PersonFields on FlowPerson {
  customer
  userId
  email
  state
  step
  reason
  arm
  enteredAt
  dueAt
}`) as unknown as TypedDocumentString<FlowInsideQuery, FlowInsideQueryVariables>;
export const FlowsBroughtDocument = new TypedDocumentString(`
    query FlowsBrought($isArchived: Boolean!) {
  flows(isArchived: $isArchived) {
    key
    results {
      sent
      conversion {
        ...LiftFields
      }
      attributed {
        orders
        revenue {
          amount
          currency
        }
      }
    }
  }
}
    fragment LiftFields on FlowLift {
  verdict
  treated
  heldOut
  treatedConverted
  heldOutConverted
  relative
  relativeLow
  relativeHigh
  weeks
}`) as unknown as TypedDocumentString<FlowsBroughtQuery, FlowsBroughtQueryVariables>;
export const FlowSetDocument = new TypedDocumentString(`
    mutation FlowSet($key: String!, $settings: FlowSettingsInput!) {
  flowSet(key: $key, settings: $settings) {
    errors {
      ...Wrong
    }
  }
}
    fragment Wrong on Error {
  field
  message
  code
}`) as unknown as TypedDocumentString<FlowSetMutation, FlowSetMutationVariables>;
export const CustomerSeparateDocument = new TypedDocumentString(`
    mutation CustomerSeparate($customerId: ID!, $identityId: ID!) {
  customerSeparate(customerId: $customerId, identityId: $identityId) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CustomerSeparateMutation, CustomerSeparateMutationVariables>;
export const CustomerRejoinDocument = new TypedDocumentString(`
    mutation CustomerRejoin($customerId: ID!, $identityId: ID!) {
  customerRejoin(customerId: $customerId, identityId: $identityId) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CustomerRejoinMutation, CustomerRejoinMutationVariables>;
export const IncentivesDocument = new TypedDocumentString(`
    query Incentives {
  incentives {
    ...IncentivesFields
  }
}
    fragment IncentivesFields on Incentives {
  isPermitted
  perMonth
  givenThisMonth
  marginPercent
  isMarginKept
  ready
  given
  used
  withdrawn
  trouble
}`) as unknown as TypedDocumentString<IncentivesQuery, IncentivesQueryVariables>;
export const IncentivesUpdateDocument = new TypedDocumentString(`
    mutation IncentivesUpdate($perMonth: Int, $marginPercent: Int) {
  incentivesUpdate(perMonth: $perMonth, marginPercent: $marginPercent) {
    errors {
      ...Wrong
    }
  }
}
    fragment Wrong on Error {
  field
  message
  code
}`) as unknown as TypedDocumentString<IncentivesUpdateMutation, IncentivesUpdateMutationVariables>;
export const ChannelBrandsDocument = new TypedDocumentString(`
    query ChannelBrands {
  channelBrands {
    channel
    overridden
    brand {
      ...BrandFields
    }
  }
}
    fragment BrandFields on Brand {
  senderName
  senderEmail
  replyTo
  company
  taxId
  postalAddress
  contactEmail
  privacyUrl
  logoUrl
  storefrontUrl
  cartUrl
  productUrl
  color
  textColor
}`) as unknown as TypedDocumentString<ChannelBrandsQuery, ChannelBrandsQueryVariables>;
export const ChannelBrandUpdateDocument = new TypedDocumentString(`
    mutation ChannelBrandUpdate($channel: String!, $input: BrandInput!) {
  channelBrandUpdate(channel: $channel, input: $input) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ChannelBrandUpdateMutation, ChannelBrandUpdateMutationVariables>;
export const InstallationUpdateDocument = new TypedDocumentString(`
    mutation InstallationUpdate($input: InstallationInput!) {
  installationUpdate(input: $input) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<InstallationUpdateMutation, InstallationUpdateMutationVariables>;
export const ProjectionSetDocument = new TypedDocumentString(`
    mutation ProjectionSet($isOn: Boolean!, $clears: Boolean!) {
  projectionSet(isOn: $isOn, clears: $clears) {
    customers
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ProjectionSetMutation, ProjectionSetMutationVariables>;
export const ServerKeyCreateDocument = new TypedDocumentString(`
    mutation ServerKeyCreate {
  serverKeyCreate {
    key
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ServerKeyCreateMutation, ServerKeyCreateMutationVariables>;
export const ProjectionPaceSetDocument = new TypedDocumentString(`
    mutation ProjectionPaceSet($perMinute: Int!) {
  projectionPaceSet(perMinute: $perMinute) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ProjectionPaceSetMutation, ProjectionPaceSetMutationVariables>;
export const PhaseAttributeSetDocument = new TypedDocumentString(`
    mutation PhaseAttributeSet($isOn: Boolean!) {
  phaseAttributeSet(isOn: $isOn) {
    customers
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<PhaseAttributeSetMutation, PhaseAttributeSetMutationVariables>;
export const ActivityRetentionSetDocument = new TypedDocumentString(`
    mutation ActivityRetentionSet($days: Int!) {
  activityRetentionSet(days: $days) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ActivityRetentionSetMutation, ActivityRetentionSetMutationVariables>;
export const EditedRecordsDocument = new TypedDocumentString(`
    query EditedRecords($after: String) {
  editedRecords(first: 20, after: $after) {
    userId
    phase
    editedAt
    cursor
  }
}
    `) as unknown as TypedDocumentString<EditedRecordsQuery, EditedRecordsQueryVariables>;
export const ImportDocument = new TypedDocumentString(`
    query Import {
  import {
    state
    pagesPerSecond
    parts {
      kind
      state
      done
      total
      skipped
      percent
      rate
      secondsLeft
      error
    }
    caughtUpAt
    catchUpError
  }
}
    `) as unknown as TypedDocumentString<ImportQuery, ImportQueryVariables>;
export const ImportStartDocument = new TypedDocumentString(`
    mutation ImportStart($restart: Boolean!, $pagesPerSecond: Float) {
  importStart(restart: $restart, pagesPerSecond: $pagesPerSecond) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<ImportStartMutation, ImportStartMutationVariables>;
export const OverviewDocument = new TypedDocumentString(`
    query Overview {
  viewer {
    appPermissionsMissing
  }
  installation {
    ...InstallationFields
  }
  checklist {
    key
    isDone
  }
  phases {
    phase
    customers
  }
  movement(days: 30) {
    entered
    moves {
      before
      after
      cause
      customers
    }
    days {
      day
      into {
        phase
        customers
      }
    }
  }
}
    fragment InstallationFields on Installation {
  shopName
  saleorApiUrl
  saleorVersion
  state
  timeZone
  language
  consentKey
  activityRetentionDays
  isProjecting
  projection {
    customers
    perRequest
    perMinute
    waiting
    isClearing
    edited
    hasAttribute
    attributeTrouble
    trouble
    resumesAt
  }
  brand {
    senderName
    senderEmail
    replyTo
    company
    taxId
    postalAddress
    contactEmail
    privacyUrl
    logoUrl
    storefrontUrl
    cartUrl
    productUrl
    color
    textColor
  }
  storefrontKey
  storefrontApiUrl
  hasServerKey
}`) as unknown as TypedDocumentString<OverviewQuery, OverviewQueryVariables>;
export const ProjectionProgressDocument = new TypedDocumentString(`
    query ProjectionProgress {
  installation {
    projection {
      waiting
      isClearing
      trouble
      resumesAt
    }
  }
}
    `) as unknown as TypedDocumentString<ProjectionProgressQuery, ProjectionProgressQueryVariables>;
export const MailDocument = new TypedDocumentString(`
    query Mail {
  mail {
    ...MailFields
  }
}
    fragment MailFields on Mail {
  operatorsProvider
  providers {
    provider
    name
    isInstalled
    canVerify
    fields {
      name
      isSecret
      isNeeded
      choices
    }
  }
  accounts {
    channel
    provider
    verifiedAt
    heldAt
    heldReason
    settings {
      name
      isSet
      value
      endsWith
    }
  }
  senders {
    address
    channels
    askedAt
    verifiedAt
    isTrusted
    maySend
  }
}`) as unknown as TypedDocumentString<MailQuery, MailQueryVariables>;
export const MailAccountSaveDocument = new TypedDocumentString(`
    mutation MailAccountSave($provider: String!, $settings: [MailSettingInput!]!, $channel: String!) {
  mailAccountSave(provider: $provider, settings: $settings, channel: $channel) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<MailAccountSaveMutation, MailAccountSaveMutationVariables>;
export const MailAccountVerifyDocument = new TypedDocumentString(`
    mutation MailAccountVerify($channel: String!) {
  mailAccountVerify(channel: $channel) {
    verdict
    reason
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<MailAccountVerifyMutation, MailAccountVerifyMutationVariables>;
export const MailAccountRemoveDocument = new TypedDocumentString(`
    mutation MailAccountRemove($channel: String!) {
  mailAccountRemove(channel: $channel) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<MailAccountRemoveMutation, MailAccountRemoveMutationVariables>;
export const MailSenderAskDocument = new TypedDocumentString(`
    mutation MailSenderAsk($address: String!) {
  mailSenderAsk(address: $address) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<MailSenderAskMutation, MailSenderAskMutationVariables>;
export const LossRulesDocument = new TypedDocumentString(`
    query LossRules {
  policy {
    ...PolicyFields
  }
  rescoring {
    ...RescoringFields
  }
}
    fragment PolicyFields on Policy {
  version
  before {
    halfLifeDays
    weights {
      kind
      weight
    }
  }
  customer {
    halfLifeDays
    weights {
      kind
      weight
    }
  }
  theta
  k
  warmFrom
  hotFrom
  keepsReturnedBuyers
  loss {
    share
    earliestDays
    latestDays
    setDays
    perChannel {
      channel
      days
    }
  }
  fit {
    ...FitFields
  }
  appliesRefits
  nextRefitAt
}
fragment RescoringFields on Rescoring {
  id
  kind
  state
  percent
  customers
  moves {
    before
    after
    customers
  }
  fit {
    ...FitFields
  }
  finishedAt
}
fragment FitFields on Fit {
  day
  rung
  reason
  buyers
  reorderers
  silences
}`) as unknown as TypedDocumentString<LossRulesQuery, LossRulesQueryVariables>;
export const PolicyProposeDocument = new TypedDocumentString(`
    mutation PolicyPropose($input: PolicyInput!) {
  policyPropose(input: $input) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<PolicyProposeMutation, PolicyProposeMutationVariables>;
export const RescoringApplyDocument = new TypedDocumentString(`
    mutation RescoringApply($id: ID!) {
  rescoringApply(id: $id) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RescoringApplyMutation, RescoringApplyMutationVariables>;
export const RescoringDiscardDocument = new TypedDocumentString(`
    mutation RescoringDiscard($id: ID!) {
  rescoringDiscard(id: $id) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RescoringDiscardMutation, RescoringDiscardMutationVariables>;
export const RefitSettingsUpdateDocument = new TypedDocumentString(`
    mutation RefitSettingsUpdate($automatic: Boolean!) {
  refitSettingsUpdate(automatic: $automatic) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RefitSettingsUpdateMutation, RefitSettingsUpdateMutationVariables>;
export const ReceivedDocument = new TypedDocumentString(`
    query Received($userId: ID!) {
  customerConsent(userId: $userId) {
    choices {
      topic
      channel
      basis
      refusal
      source
      since
    }
    words {
      topic
      channel
      source
      isGranted
      at
      text
    }
    country
    frequency
    pausedUntil
    isPersonalised
    isTracked
    language
    suppressions {
      ...SuppressionFields
    }
  }
  consentSettings {
    topics {
      ...TopicFields
    }
  }
  templates {
    key
    name
  }
  archived: templates(isArchived: true) {
    key
    name
  }
  customerMessages(userId: $userId, first: 10) {
    ...MessageFields
  }
}
    fragment TopicFields on ConsentTopic {
  key
  names {
    language
    text
  }
  descriptions {
    language
    text
  }
  isArchived
}
fragment MessageFields on CustomerMessage {
  id
  template
  channel
  purpose
  state
  reason
  queuedAt
  settledAt
  deliveredAt
  clickedAt
  events {
    kind
    at
    provider
    isPermanent
    verdict
    detail
  }
  cursor
}
fragment SuppressionFields on Suppression {
  addressHash
  channel
  reason
  at
  mayBeLifted
}`) as unknown as TypedDocumentString<ReceivedQuery, ReceivedQueryVariables>;
export const OlderMessagesDocument = new TypedDocumentString(`
    query OlderMessages($userId: ID!, $after: String!) {
  customerMessages(userId: $userId, first: 10, after: $after) {
    ...MessageFields
  }
}
    fragment MessageFields on CustomerMessage {
  id
  template
  channel
  purpose
  state
  reason
  queuedAt
  settledAt
  deliveredAt
  clickedAt
  events {
    kind
    at
    provider
    isPermanent
    verdict
    detail
  }
  cursor
}`) as unknown as TypedDocumentString<OlderMessagesQuery, OlderMessagesQueryVariables>;
export const DeliveryReportsDocument = new TypedDocumentString(`
    query DeliveryReports {
  deliveryReports {
    providers {
      provider
      signs
      mustSign
    }
    sources {
      provider
      since
      lastReportAt
    }
  }
}
    `) as unknown as TypedDocumentString<DeliveryReportsQuery, DeliveryReportsQueryVariables>;
export const DeliveryReportsSetUpDocument = new TypedDocumentString(`
    mutation DeliveryReportsSetUp($provider: String!, $signingKey: String!) {
  deliveryReportsSetUp(provider: $provider, signingKey: $signingKey) {
    address
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<DeliveryReportsSetUpMutation, DeliveryReportsSetUpMutationVariables>;
export const DeliveryReportsEndDocument = new TypedDocumentString(`
    mutation DeliveryReportsEnd($provider: String!) {
  deliveryReportsEnd(provider: $provider) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<DeliveryReportsEndMutation, DeliveryReportsEndMutationVariables>;
export const SendingDocument = new TypedDocumentString(`
    query Sending {
  sending {
    ...SendingFields
  }
}
    fragment SendingFields on Sending {
  offAt
  heldAt
  channels {
    channel
    offAt
    offReason
    perMinute
    resumesAt
    trouble
    serviceOnly
    waiting
    scheduled
    leaving
    waits {
      reason
      count
    }
  }
}`) as unknown as TypedDocumentString<SendingQuery, SendingQueryVariables>;
export const SendingStopDocument = new TypedDocumentString(`
    mutation SendingStop($channel: String) {
  sendingStop(channel: $channel) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SendingStopMutation, SendingStopMutationVariables>;
export const SendingResumeDocument = new TypedDocumentString(`
    mutation SendingResume($channel: String) {
  sendingResume(channel: $channel) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SendingResumeMutation, SendingResumeMutationVariables>;
export const SendingPaceSetDocument = new TypedDocumentString(`
    mutation SendingPaceSet($channel: String!, $perMinute: Int) {
  sendingPaceSet(channel: $channel, perMinute: $perMinute) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SendingPaceSetMutation, SendingPaceSetMutationVariables>;
export const SuppressionsDocument = new TypedDocumentString(`
    query Suppressions($channel: String!, $reason: SuppressionReason, $after: String) {
  suppressions(channel: $channel, reason: $reason, first: 10, after: $after) {
    suppressions {
      ...SuppressionFields
    }
    endCursor
    hasNextPage
  }
}
    fragment SuppressionFields on Suppression {
  addressHash
  channel
  reason
  at
  mayBeLifted
}`) as unknown as TypedDocumentString<SuppressionsQuery, SuppressionsQueryVariables>;
export const SuppressionCountsDocument = new TypedDocumentString(`
    query SuppressionCounts($channel: String!) {
  suppressions(channel: $channel, first: 1) {
    counts {
      reason
      count
    }
  }
}
    `) as unknown as TypedDocumentString<SuppressionCountsQuery, SuppressionCountsQueryVariables>;
export const SuppressionOfDocument = new TypedDocumentString(`
    query SuppressionOf($channel: String!, $address: String!) {
  suppressions(channel: $channel, address: $address, first: 1) {
    suppressions {
      ...SuppressionFields
    }
  }
}
    fragment SuppressionFields on Suppression {
  addressHash
  channel
  reason
  at
  mayBeLifted
}`) as unknown as TypedDocumentString<SuppressionOfQuery, SuppressionOfQueryVariables>;
export const SuppressionAddDocument = new TypedDocumentString(`
    mutation SuppressionAdd($channel: String!, $address: String!) {
  suppressionAdd(channel: $channel, address: $address) {
    added
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SuppressionAddMutation, SuppressionAddMutationVariables>;
export const SuppressionsImportDocument = new TypedDocumentString(`
    mutation SuppressionsImport($channel: String!, $csv: String!) {
  suppressionsImport(channel: $channel, csv: $csv) {
    lines
    added
    unreadLines
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SuppressionsImportMutation, SuppressionsImportMutationVariables>;
export const SuppressionLiftDocument = new TypedDocumentString(`
    mutation SuppressionLift($channel: String!, $addressHash: ID!, $note: String!) {
  suppressionLift(channel: $channel, addressHash: $addressHash, note: $note) {
    isLifted
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SuppressionLiftMutation, SuppressionLiftMutationVariables>;
export const TemplatesDocument = new TypedDocumentString(`
    query Templates {
  templates {
    ...TemplateRow
  }
  archived: templates(isArchived: true) {
    ...TemplateRow
  }
}
    fragment TemplateRow on Template {
  key
  name
  context
  purpose
  archivedAt
  writtenLanguages
  usedBy
  variants {
    language
    number
  }
}`) as unknown as TypedDocumentString<TemplatesQuery, TemplatesQueryVariables>;
export const TemplateDocument = new TypedDocumentString(`
    query Template($key: String!) {
  template(key: $key) {
    ...TemplateRow
  }
  viewer {
    userId
    email
  }
}
    fragment TemplateRow on Template {
  key
  name
  context
  purpose
  archivedAt
  writtenLanguages
  usedBy
  variants {
    language
    number
  }
}`) as unknown as TypedDocumentString<TemplateQuery, TemplateQueryVariables>;
export const TemplateVersionsDocument = new TypedDocumentString(`
    query TemplateVersions($key: String!, $language: String!, $before: Int) {
  template(key: $key) {
    versions(language: $language, before: $before) {
      ...VersionFields
    }
  }
}
    fragment VersionFields on TemplateVersion {
  number
  subject
  mjml
  text
  isTextMade
  savedAt
  savedBy
  isPublished
}`) as unknown as TypedDocumentString<TemplateVersionsQuery, TemplateVersionsQueryVariables>;
export const TemplateNamesDocument = new TypedDocumentString(`
    query TemplateNames($context: TemplateContext!) {
  templateNames(context: $context) {
    names
    filters
  }
}
    `) as unknown as TypedDocumentString<TemplateNamesQuery, TemplateNamesQueryVariables>;
export const TemplateCheckDocument = new TypedDocumentString(`
    query TemplateCheck($context: TemplateContext!, $purpose: MessagePurpose!, $words: TemplateWordsInput!, $language: String!) {
  templateCheck(context: $context, purpose: $purpose, words: $words) {
    text
    faults {
      ...FaultFields
    }
    errors {
      field
      message
      code
    }
  }
}
    fragment FaultFields on TemplateFault {
  part
  line
  code
  isError
  message(language: $language)
}`) as unknown as TypedDocumentString<TemplateCheckQuery, TemplateCheckQueryVariables>;
export const TemplatePreviewDocument = new TypedDocumentString(`
    query TemplatePreview($context: TemplateContext!, $purpose: MessagePurpose!, $words: TemplateWordsInput!, $userId: ID, $channel: String!, $language: String!) {
  templatePreview(
    context: $context
    purpose: $purpose
    words: $words
    userId: $userId
    channel: $channel
  ) {
    subject
    html
    text
    invented
    faults {
      ...FaultFields
    }
    errors {
      field
      message
      code
    }
  }
}
    fragment FaultFields on TemplateFault {
  part
  line
  code
  isError
  message(language: $language)
}`) as unknown as TypedDocumentString<TemplatePreviewQuery, TemplatePreviewQueryVariables>;
export const TemplateCreateDocument = new TypedDocumentString(`
    mutation TemplateCreate($key: String!, $name: String!, $context: TemplateContext!, $purpose: MessagePurpose!, $words: TemplateWordsInput!) {
  templateCreate(
    key: $key
    name: $name
    context: $context
    purpose: $purpose
    words: $words
  ) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<TemplateCreateMutation, TemplateCreateMutationVariables>;
export const TemplateSaveDocument = new TypedDocumentString(`
    mutation TemplateSave($key: String!, $words: TemplateWordsInput!, $publishes: Boolean!, $language: String!) {
  templateSave(key: $key, words: $words, publishes: $publishes) {
    version {
      number
    }
    faults {
      ...FaultFields
    }
    errors {
      field
      message
      code
    }
  }
}
    fragment FaultFields on TemplateFault {
  part
  line
  code
  isError
  message(language: $language)
}`) as unknown as TypedDocumentString<TemplateSaveMutation, TemplateSaveMutationVariables>;
export const TemplatePublishDocument = new TypedDocumentString(`
    mutation TemplatePublish($key: String!, $language: String!, $number: Int!) {
  templatePublish(key: $key, language: $language, number: $number) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<TemplatePublishMutation, TemplatePublishMutationVariables>;
export const TemplateUpdateDocument = new TypedDocumentString(`
    mutation TemplateUpdate($key: String!, $name: String, $purpose: MessagePurpose) {
  templateUpdate(key: $key, name: $name, purpose: $purpose) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<TemplateUpdateMutation, TemplateUpdateMutationVariables>;
export const TemplateCopyDocument = new TypedDocumentString(`
    mutation TemplateCopy($key: String!, $newKey: String!, $name: String!) {
  templateCopy(key: $key, newKey: $newKey, name: $name) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<TemplateCopyMutation, TemplateCopyMutationVariables>;
export const TemplateArchiveDocument = new TypedDocumentString(`
    mutation TemplateArchive($key: String!, $isArchived: Boolean!) {
  templateArchive(key: $key, isArchived: $isArchived) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<TemplateArchiveMutation, TemplateArchiveMutationVariables>;
export const TemplateDeleteDocument = new TypedDocumentString(`
    mutation TemplateDelete($key: String!) {
  templateDelete(key: $key) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<TemplateDeleteMutation, TemplateDeleteMutationVariables>;
export const TemplateTestSendDocument = new TypedDocumentString(`
    mutation TemplateTestSend($context: TemplateContext!, $purpose: MessagePurpose!, $words: TemplateWordsInput!, $to: String, $userId: ID, $channel: String!) {
  templateTestSend(
    context: $context
    purpose: $purpose
    words: $words
    to: $to
    userId: $userId
    channel: $channel
  ) {
    address
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<TemplateTestSendMutation, TemplateTestSendMutationVariables>;
export const ShopChannelsDocument = new TypedDocumentString(`
    query ShopChannels {
  shopChannels {
    slug
    name
  }
}
    `) as unknown as TypedDocumentString<ShopChannelsQuery, ShopChannelsQueryVariables>;
export const AccountWithEmailDocument = new TypedDocumentString(`
    query AccountWithEmail($email: String!) {
  accountWithEmail(email: $email) {
    label
  }
}
    `) as unknown as TypedDocumentString<AccountWithEmailQuery, AccountWithEmailQueryVariables>;
export const WebhookEndpointsDocument = new TypedDocumentString(`
    query WebhookEndpoints {
  webhookEndpoints {
    ...EndpointParts
  }
}
    fragment EndpointParts on WebhookEndpoint {
  id
  url
  events
  formerSecretUntil
  offAt
  offReason
  failingSince
  resumesAt
  trouble
  lastTakenAt
  waiting
  givenUp
  failures {
    event
    attempts
    error
    nextAttemptAt
  }
}`) as unknown as TypedDocumentString<WebhookEndpointsQuery, WebhookEndpointsQueryVariables>;
export const WebhookEndpointAddDocument = new TypedDocumentString(`
    mutation WebhookEndpointAdd($url: String!, $events: [WebhookEvent!]!) {
  webhookEndpointAdd(url: $url, events: $events) {
    secret
    endpoint {
      id
    }
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<WebhookEndpointAddMutation, WebhookEndpointAddMutationVariables>;
export const WebhookEndpointRotateDocument = new TypedDocumentString(`
    mutation WebhookEndpointRotate($id: ID!) {
  webhookEndpointRotate(id: $id) {
    secret
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<WebhookEndpointRotateMutation, WebhookEndpointRotateMutationVariables>;
export const WebhookEndpointSwitchDocument = new TypedDocumentString(`
    mutation WebhookEndpointSwitch($id: ID!, $isOn: Boolean!) {
  webhookEndpointSwitch(id: $id, isOn: $isOn) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<WebhookEndpointSwitchMutation, WebhookEndpointSwitchMutationVariables>;
export const WebhookEndpointTestDocument = new TypedDocumentString(`
    mutation WebhookEndpointTest($id: ID!) {
  webhookEndpointTest(id: $id) {
    isTaken
    status
    answer
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<WebhookEndpointTestMutation, WebhookEndpointTestMutationVariables>;
export const WebhookEndpointRemoveDocument = new TypedDocumentString(`
    mutation WebhookEndpointRemove($id: ID!) {
  webhookEndpointRemove(id: $id) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<WebhookEndpointRemoveMutation, WebhookEndpointRemoveMutationVariables>;