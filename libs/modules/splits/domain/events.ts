import {
  EventList,
  eventType,
  flag,
  listOf,
  named,
  object,
  orNull,
  text,
  time,
  wholeNumber,
} from '@fintech-ledger/contract';
import type { EventsOf } from '@fintech-ledger/contract';
import { currency } from '@fintech-ledger/ledger/domain';
import { partiesMax, partyMembers, splitRuleKey, splitRuleVersionKey } from '@fintech-ledger/payments/domain';
import type { PartyFacts } from '@fintech-ledger/payments/domain';
import type { SplitRuleFacts } from './facts';

const splitParty = named('splitParty', object<PartyFacts>(partyMembers));
const splitRule = named(
  'splitRule',
  object<SplitRuleFacts>({
    createdAt: time,
    currency: orNull(currency),
    id: text({ pattern: '^spr_[0-9A-Za-z_-]+$' }),
    livemode: flag,
    name: text({ minLength: 1 }),
    parties: listOf(splitParty, { minItems: 1, maxItems: partiesMax }),
    updatedAt: time,
    version: wholeNumber({ minimum: 1 }),
  }),
);

interface OfRule {
  readonly splitRule: SplitRuleFacts;
}
const plain = <const N extends string>(name: N, description: string) =>
  eventType({
    name,
    description,
    schema: object<OfRule>({ splitRule }),
    touches: ({ splitRule: { id, version } }: OfRule) => [
      splitRuleKey(id),
      ...(version === 1 ? [] : [splitRuleVersionKey(id, version - 1)]),
    ],
  });

/** What the journal of a payments ledger says of split rules. */
export const splitEvents = new EventList({ prefix: 'journal-' }, [
  plain('SplitRuleCreated', 'A split rule was made.'),
  plain('SplitRuleUpdated', 'The next version of a split rule was made.'),
]);
export type SplitEvent = EventsOf<typeof splitEvents>;
