// Generated from graphql/dashboard.graphql: npm run generate
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type ActivityKind =
  | 'MESSAGE'
  | 'RETURN'
  | 'ORDER'
  | 'CART'
  | 'CONSENT'
  | 'PRODUCT_VIEWED'
  | 'VISIT'
  | 'ACCOUNT';

export type Band =
  | 'COLD'
  | 'WARM'
  | 'HOT';

export type Cause =
  | 'BEHAVIOUR'
  | 'TIME'
  | 'IMPORT'
  | 'REFIT'
  | 'POLICY'
  | 'CORRECTION';

export type ChecklistKey =
  | 'SENDER'
  | 'COMPANY'
  | 'CART_LINK'
  | 'PROJECTION'
  | 'EVENTS'
  | 'CART_FLOW';

export type ConsentState =
  | 'GRANTED'
  | 'REFUSED'
  | 'NONE';

export type ErrorCode =
  | 'REQUIRED'
  | 'INVALID';

export type FlowInput = {
  isOn?: boolean | null | undefined;
  idleSeconds?: number | null | undefined;
  touchSeconds?: Array<number> | null | undefined;
};

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
  timeZone?: string | null | undefined;
  consentKey?: string | null | undefined;
};

export type InstallationState =
  | 'ACTIVE'
  | 'INACTIVE'
  | 'REMOVED';

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

export type ScorePart =
  | 'BEFORE_BUYING'
  | 'AS_CUSTOMER';

export type CustomerQueryVariables = Exact<{
  userId: string | number;
}>;


export type CustomerQuery = { customer: { id: string, phase: Phase, phaseSince: string | null, orders: number, lastOrderAt: string | null, lossAt: string | null, lossRung: string, consent: ConsentState, why: { reason: PhaseReason, orders: number, lastOrderAt: string | null, cartOpenUntil: string | null, score: number }, next: Array<{ trigger: NextTrigger, phase: Phase, at: string | null }>, score: { value: number, part: ScorePart, band: Band, bandUntil: string | null, parts: Array<{ kind: ActivityKind, points: number }> }, spent: Array<{ amount: string, currency: string }>, activities: Array<{ kind: ActivityKind, at: string, reference: string, money: { amount: string, currency: string } | null }>, phaseChanges: Array<{ before: Phase | null, after: Phase, cause: Cause, reason: PhaseReason, at: string }> } | null };

export type CartFlowQueryVariables = Exact<{ [key: string]: never; }>;


export type CartFlowQuery = { cartFlow: { key: string, isOn: boolean, version: number, publishedAt: string, idleSeconds: number, touches: Array<{ key: string, afterSeconds: number, template: string }>, results: { entered: number, waiting: number, finished: number, exited: number, recovered: number, exits: Array<{ reason: string, count: number }>, messages: Array<{ state: MessageState, reason: string, count: number }>, recoveredRevenue: Array<{ amount: string, currency: string }> } } | null };

export type CartFlowUpdateMutationVariables = Exact<{
  input: FlowInput;
}>;


export type CartFlowUpdateMutation = { cartFlowUpdate: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type FlowFieldsFragment = { key: string, isOn: boolean, version: number, publishedAt: string, idleSeconds: number, touches: Array<{ key: string, afterSeconds: number, template: string }>, results: { entered: number, waiting: number, finished: number, exited: number, recovered: number, exits: Array<{ reason: string, count: number }>, messages: Array<{ state: MessageState, reason: string, count: number }>, recoveredRevenue: Array<{ amount: string, currency: string }> } };

export type InstallationUpdateMutationVariables = Exact<{
  input: InstallationInput;
}>;


export type InstallationUpdateMutation = { installationUpdate: { errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type ProjectionSetMutationVariables = Exact<{
  isOn: boolean;
}>;


export type ProjectionSetMutation = { projectionSet: { customers: number, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type ServerKeyCreateMutationVariables = Exact<{ [key: string]: never; }>;


export type ServerKeyCreateMutation = { serverKeyCreate: { key: string, errors: Array<{ field: string | null, message: string, code: ErrorCode }> } };

export type OverviewQueryVariables = Exact<{ [key: string]: never; }>;


export type OverviewQuery = { viewer: { appPermissionsMissing: Array<string> }, installation: { shopName: string, saleorApiUrl: string, saleorVersion: string, state: InstallationState, timeZone: string, consentKey: string, isProjecting: boolean | null, storefrontKey: string, storefrontApiUrl: string, hasServerKey: boolean, projection: { customers: number, perRequest: number }, brand: { senderName: string, senderEmail: string, replyTo: string, company: string, taxId: string, postalAddress: string, contactEmail: string, privacyUrl: string, logoUrl: string, storefrontUrl: string, cartUrl: string } }, checklist: Array<{ key: ChecklistKey, isDone: boolean }>, phases: Array<{ phase: Phase, customers: number }>, movement: { entered: number, moves: Array<{ before: Phase, after: Phase, cause: Cause, customers: number }>, days: Array<{ day: string, into: Array<{ phase: Phase, customers: number }> }> } };

export type InstallationFieldsFragment = { shopName: string, saleorApiUrl: string, saleorVersion: string, state: InstallationState, timeZone: string, consentKey: string, isProjecting: boolean | null, storefrontKey: string, storefrontApiUrl: string, hasServerKey: boolean, projection: { customers: number, perRequest: number }, brand: { senderName: string, senderEmail: string, replyTo: string, company: string, taxId: string, postalAddress: string, contactEmail: string, privacyUrl: string, logoUrl: string, storefrontUrl: string, cartUrl: string } };

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
export const FlowFieldsFragmentDoc = new TypedDocumentString(`
    fragment FlowFields on Flow {
  key
  isOn
  version
  publishedAt
  idleSeconds
  touches {
    key
    afterSeconds
    template
  }
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
export const InstallationFieldsFragmentDoc = new TypedDocumentString(`
    fragment InstallationFields on Installation {
  shopName
  saleorApiUrl
  saleorVersion
  state
  timeZone
  consentKey
  isProjecting
  projection {
    customers
    perRequest
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
  }
  storefrontKey
  storefrontApiUrl
  hasServerKey
}
    `, {"fragmentName":"InstallationFields"}) as unknown as TypedDocumentString<InstallationFieldsFragment, unknown>;
export const CustomerDocument = new TypedDocumentString(`
    query Customer($userId: ID!) {
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
    activities(first: 10) {
      kind
      at
      reference
      money {
        amount
        currency
      }
    }
    phaseChanges(first: 10) {
      before
      after
      cause
      reason
      at
    }
  }
}
    `) as unknown as TypedDocumentString<CustomerQuery, CustomerQueryVariables>;
export const CartFlowDocument = new TypedDocumentString(`
    query CartFlow {
  cartFlow {
    ...FlowFields
  }
}
    fragment FlowFields on Flow {
  key
  isOn
  version
  publishedAt
  idleSeconds
  touches {
    key
    afterSeconds
    template
  }
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
export const CartFlowUpdateDocument = new TypedDocumentString(`
    mutation CartFlowUpdate($input: FlowInput!) {
  cartFlowUpdate(input: $input) {
    errors {
      field
      message
      code
    }
  }
}
    `) as unknown as TypedDocumentString<CartFlowUpdateMutation, CartFlowUpdateMutationVariables>;
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
    mutation ProjectionSet($isOn: Boolean!) {
  projectionSet(isOn: $isOn) {
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
  consentKey
  isProjecting
  projection {
    customers
    perRequest
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
  }
  storefrontKey
  storefrontApiUrl
  hasServerKey
}`) as unknown as TypedDocumentString<OverviewQuery, OverviewQueryVariables>;