import type { DisputeOutcome, EvidenceFile } from './dispute-facts';
import type { DisputeNews, DisputeResponseOutcome } from './dispute-calls';

/* What is asked of disputes. */

interface OfDispute {
  readonly disputeId: string;
}
/** What is absent stays. */
export interface UpdateDispute extends OfDispute {
  readonly type: 'UpdateDispute';
  readonly description?: string | null;
  /** Null: all of it goes; null for a key: that one. */
  readonly metadata?: Readonly<Record<string, string | null>> | null;
}
/** The whole evidence: what was kept before is replaced by it. Its text and the names of its files are sealed. */
export interface GiveEvidence extends OfDispute {
  readonly type: 'GiveEvidence';
  readonly files: readonly EvidenceFile[];
  /** Whether the rail is told of it, which is for good; else it is kept. */
  readonly submit: boolean;
  readonly text: string;
}
/** What is personal in its evidence is forgotten, for good. */
export interface EraseDisputeEvidence extends OfDispute {
  readonly type: 'EraseDisputeEvidence';
  /** Data subjects of its own: those that were erased before, then the one in use. */
  readonly subjects: readonly string[];
}
/** The payer is right: it is lost. */
export interface AcceptDispute extends OfDispute {
  readonly type: 'AcceptDispute';
}
/** In sandboxes: how a bank has decided it. */
export interface ResolveDispute extends OfDispute {
  readonly type: 'ResolveDispute';
  readonly outcome: DisputeOutcome;
}
/** The installation's own: a bank is about to decide it, or has, so that its rail is asked soon. */
export interface ExpectDisputeDecision extends OfDispute {
  readonly type: 'ExpectDisputeDecision';
}
/** The installation's own: what a rail said when it was asked whether a payment is disputed. */
export interface RecordDispute {
  readonly type: 'RecordDispute';
  /** The key of the question. */
  readonly call: string;
  readonly news: DisputeNews;
  readonly payment: string;
}
/** The installation's own: what a rail said when it was told of a dispute, or asked about it. */
export interface RecordDisputeResponse {
  readonly type: 'RecordDisputeResponse';
  readonly call: string;
  readonly dispute: string;
  readonly outcome: DisputeResponseOutcome;
}
export type DisputeCommand =
  | UpdateDispute
  | GiveEvidence
  | EraseDisputeEvidence
  | AcceptDispute
  | ResolveDispute
  | ExpectDisputeDecision
  | RecordDispute
  | RecordDisputeResponse;
