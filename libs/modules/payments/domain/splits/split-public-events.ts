import { publicEvent, unpublished } from '@fintech-ledger/shapes';
import { showSplit } from './show-split';
import type { SplitFacts } from './split-facts';
import { splitShape } from './split-views';
import type { SplitView } from './split-views';

interface OfSplit {
  readonly split: SplitFacts;
}
export const splitCreated = publicEvent<OfSplit, SplitView>({
  name: 'split.created',
  description: 'A payment was split: each party has its share.',
  object: splitShape,
  shows: {},
  idsOf: ({ split: { id, payment, rule } }) => [id, payment, ...(rule === null ? [] : [rule.id])],
  objectOf: ({ split }) => showSplit(split),
});

/** What the journal of a payments ledger tells clients of splits, besides what it says of their payments. */
export const splitPublicEvents = {
  SplitCreated: [splitCreated],
  SplitReversed: unpublished('The contract names no event of it; the lines of balances say it.'),
  SplitRestored: unpublished('That the dispute is won is told.'),
  SplitUpdated: unpublished('What a split is for says nothing of the money.'),
} as const;
