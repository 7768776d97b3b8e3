import { publicEvents, unpublished } from '@fintech-ledger/shapes';
import { splitEvents } from './events';

const why = 'A rule moves no money: what it splits is told when it is split.';

/** What the journal of a payments ledger tells clients of split rules. */
export const splitPublicEvents = publicEvents(splitEvents, {
  SplitRuleCreated: unpublished(why),
  SplitRuleUpdated: unpublished(why),
});
