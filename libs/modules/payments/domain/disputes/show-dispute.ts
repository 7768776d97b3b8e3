import type { DisputeFacts } from './dispute-facts';
import type { DisputeView } from './dispute-views';

/** A dispute in the API's shape. What is rendered for a recorded event never changes. */
export function showDispute(dispute: DisputeFacts): DisputeView {
  const { evidence } = dispute;
  return {
    id: dispute.id,
    object: 'dispute',
    payment: dispute.payment,
    status: dispute.status,
    amount: dispute.amount,
    fee: dispute.fee,
    currency: dispute.currency,
    reason: dispute.reason,
    evidence:
      evidence === null
        ? null
        : {
            text: evidence.text,
            files: evidence.files.map(({ name, sha256 }) => ({ name, sha256 })),
            submitted_at: evidence.submittedAt,
          },
    evidence_due_by: dispute.evidenceDueBy,
    rail: dispute.rail,
    rail_reference: dispute.railReference,
    description: dispute.description,
    created_at: dispute.createdAt,
    closed_at: dispute.closedAt,
    closed_because: dispute.closedBecause,
    livemode: dispute.livemode,
    metadata: dispute.metadata,
  };
}
