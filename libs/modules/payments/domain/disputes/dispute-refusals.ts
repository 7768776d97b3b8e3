import { refusal } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { metadataLimit } from '@fintech-ledger/ledger/domain';
import type { DisputeCommand } from './dispute-commands';

export const disputeNotFound = refusal(
  'dispute_not_found',
  'not_found',
  'There is no such dispute, or it is of another environment.',
);
export const disputeUnexpectedState = refusal(
  'dispute_unexpected_state',
  'conflict',
  'The status of the dispute does not allow it; `dispute` is the dispute as it is. Evidence is submitted once, and ' +
    'before `evidence_due_by`.',
);
export const disputeEvidenceNotErasable = refusal(
  'dispute_evidence_not_erasable',
  'conflict',
  'The dispute has no evidence with a key of its own: none was given, an earlier version recorded it, or it is ' +
    "forgotten with the payment's customer; `dispute` is the dispute as it is.",
);
export const paymentDisputed = refusal(
  'payment_disputed',
  'conflict',
  'What is disputed can not be refunded while the dispute is open, or after it was lost; `amount_left` is what can, ' +
    '`payment` the payment as it is.',
);

/** What each command may be refused with, in the order of precedence. */
export const disputeCommandRefusals = {
  UpdateDispute: [disputeNotFound, metadataLimit],
  GiveEvidence: [disputeNotFound, disputeUnexpectedState],
  EraseDisputeEvidence: [disputeNotFound, disputeEvidenceNotErasable],
  AcceptDispute: [disputeNotFound, disputeUnexpectedState],
  ResolveDispute: [disputeNotFound, disputeUnexpectedState],
  ExpectDisputeDecision: [],
  RecordDispute: [],
  RecordDisputeResponse: [],
} as const satisfies Record<DisputeCommand['type'], readonly DeclaredRefusal[]>;

/** Every refusal that is declared here. */
export const disputeRefusals = [
  disputeNotFound,
  disputeUnexpectedState,
  disputeEvidenceNotErasable,
  paymentDisputed,
];
