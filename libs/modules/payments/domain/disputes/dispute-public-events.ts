import { publicEvent, unpublished } from '@fintech-ledger/shapes';
import type { PublicEventType } from '@fintech-ledger/shapes';
import type { DisputeFacts } from './dispute-facts';
import { disputeShape } from './dispute-views';
import type { DisputeView } from './dispute-views';
import { showDispute } from './show-dispute';

interface OfDispute {
  readonly dispute: DisputeFacts;
}
function told(name: string, description: string, shows: Partial<DisputeView>): PublicEventType<OfDispute> {
  return publicEvent<OfDispute, DisputeView>({
    name,
    description,
    object: disputeShape,
    shows,
    idsOf: ({ dispute }) => [dispute.id, dispute.payment],
    objectOf: ({ dispute }) => showDispute(dispute),
  });
}
const open = { closed_at: null, closed_because: null } as const;
const evidence = { text: 'Delivered on 3 March, signed for.', files: [] } as const;
const asked = unpublished('A rail is asked or told; nothing is new for clients.');
const updated = told(
  'dispute.updated',
  'A dispute was described otherwise, or evidence was kept for it or submitted.',
  { ...open, status: 'under_review', evidence: { ...evidence, submitted_at: '2026-01-31T12:00:00.000Z' } },
);

/** What the journal of a payments ledger tells clients of disputes. */
export const disputePublicEvents = {
  DisputeExpected: asked,
  DisputeAsked: asked,
  DisputeNotOpened: asked,
  DisputeOpened: [
    told('dispute.created', 'A payment is disputed: the amount and a fee have left the balance.', {
      ...open,
      evidence: null,
    }),
  ],
  DisputeUpdated: [updated],
  DisputeEvidenceSubmitted: [updated],
  DisputeEvidenceErased: unpublished('What was forgotten is not told of.'),
  DisputeCallRepeated: asked,
  DisputeResponseTaken: asked,
  DisputeWon: [
    told('dispute.won', 'A dispute was won, and the balance has the amount back.', { status: 'won' }),
  ],
  DisputeLost: [told('dispute.lost', 'A dispute was lost, or accepted.', { status: 'lost' })],
} as const;
