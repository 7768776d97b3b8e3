import {
  flag,
  listOf,
  metadata,
  named,
  object,
  oneOf,
  orNull,
  text,
  textOrNull,
  time,
} from '@fintech-ledger/contract';
import { currency } from '@fintech-ledger/ledger/domain';
import type { PayoutCall } from '../payout-facts';
import { railCallFields } from '../rail-call-fields';

/* What events say of disputes. All times: RFC 3339, UTC, milliseconds; all amounts: minor units as a text. */

export const disputeStatuses = ['needs_response', 'under_review', 'won', 'lost'] as const;
export type DisputeStatus = (typeof disputeStatuses)[number];
export const disputeOutcomes = ['won', 'lost'] as const;
export type DisputeOutcome = (typeof disputeOutcomes)[number];

/** Why a dispute is over: the merchant accepted it, gave no evidence in time, or a bank has decided. */
export const disputeEndings = ['accepted', 'no_response', 'decided'] as const;
export type DisputeEnding = (typeof disputeEndings)[number];

/** A file that is evidence. It stays with the merchant: the event says which one it is. */
export interface EvidenceFile {
  readonly name: string;
  /** Of its bytes, lower-case hex. */
  readonly sha256: string;
}
/**
 * Its text and the names of its files are encrypted with the key of the payment's customer, or of the dispute; in
 * events of earlier versions they are as they were given.
 */
export interface EvidenceFacts {
  readonly files: readonly EvidenceFile[];
  /** Null: it is kept, and not submitted. */
  readonly submittedAt: string | null;
  readonly text: string;
}

export const disputeCallKinds = ['evidence', 'accept'] as const;
export type DisputeCallKind = (typeof disputeCallKinds)[number];
/** What a rail is told of a dispute, or after that is asked about it. */
export interface DisputeCall extends PayoutCall {
  readonly kind: DisputeCallKind;
}

/** A dispute as an event left it. */
export interface DisputeFacts {
  readonly amount: string;
  readonly call: DisputeCall | null;
  readonly closedAt: string | null;
  readonly closedBecause: DisputeEnding | null;
  readonly createdAt: string;
  readonly currency: string;
  readonly description: string | null;
  readonly evidence: EvidenceFacts | null;
  /** Without evidence until then it is lost. */
  readonly evidenceDueBy: string;
  /** The rail's, which is not given back. */
  readonly fee: string;
  readonly id: string;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly payment: string;
  readonly rail: string;
  readonly railReference: string;
  /** As the rail says it: `fraudulent`, `product_not_received`, … */
  readonly reason: string;
  readonly status: DisputeStatus;
}

/** A rail has said of a payment when it will have something to say: it is asked then whether there is a dispute. */
export interface DisputeQuestion {
  readonly call: PayoutCall;
  readonly currency: string;
  readonly livemode: boolean;
  readonly payment: string;
  readonly rail: string;
  readonly railReference: string;
}

const paymentId = text({ pattern: '^pay_[0-9A-Za-z_-]+$' });

const evidence = named(
  'evidence',
  object<EvidenceFacts>({
    files: listOf(object<EvidenceFile>({ name: text(), sha256: text({ pattern: '^[0-9a-f]{64}$' }) })),
    submittedAt: orNull(time),
    text: text(),
  }),
);

export const dispute = named(
  'dispute',
  object<DisputeFacts>({
    amount: text({ description: 'Minor units', pattern: '^[1-9][0-9]{0,35}$' }),
    call: orNull(
      named('disputeCall', object<DisputeCall>({ ...railCallFields(), kind: oneOf(...disputeCallKinds) })),
    ),
    closedAt: orNull(time),
    closedBecause: orNull(oneOf(...disputeEndings)),
    createdAt: time,
    currency,
    description: textOrNull(),
    evidence: orNull(evidence),
    evidenceDueBy: time,
    fee: text({ description: 'Minor units, zero or more', pattern: '^(?:0|[1-9][0-9]{0,35})$' }),
    id: text({ pattern: '^dp_[0-9A-Za-z_-]+$' }),
    livemode: flag,
    metadata,
    payment: paymentId,
    rail: text(),
    railReference: text({ description: "The rail's own id of it" }),
    reason: text(),
    status: oneOf(...disputeStatuses),
  }),
);

export const question = named(
  'disputeQuestion',
  object<DisputeQuestion>({
    call: object<PayoutCall>(railCallFields()),
    currency,
    livemode: flag,
    payment: paymentId,
    rail: text(),
    railReference: text({ description: "The rail's own id of the payment" }),
  }),
);

/** Whether nobody has decided it yet: it may still be won. */
export const isOpenDispute = ({ status }: Pick<DisputeFacts, 'status'>): boolean =>
  status === 'needs_response' || status === 'under_review';
