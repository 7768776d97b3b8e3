import {
  flag,
  listOf,
  metadata,
  named,
  object,
  orNull,
  text,
  textOrNull,
  time,
  wholeNumber,
} from '@fintech-ledger/contract';
import { currency } from '@fintech-ledger/ledger/domain';
import { partiesMax } from './limits';
import { partyMembers } from './party';
import type { PartyFacts } from './party';

/** The version of a split rule. */
export interface SplitRuleRef {
  readonly id: string;
  readonly version: number;
}

/** What a party got. Amounts: minor units, as texts. */
export interface ShareFacts extends PartyFacts {
  readonly amount: string;
  /** What of it its account got pending, less what refunds took of that; it is available once the payment is. */
  readonly pending: string;
  /** What came back of it: with refunds that have not failed, and after a dispute that is lost. */
  readonly refunded: string;
}

/** A split as an event left it. */
export interface SplitFacts {
  /** What was captured of its payment: the sum of all shares. */
  readonly amount: string;
  readonly createdAt: string;
  readonly currency: string;
  readonly description: string | null;
  readonly id: string;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly payment: string;
  /** Null: its parties were said with it. */
  readonly rule: SplitRuleRef | null;
  /** The earlier one wins ties. */
  readonly shares: readonly ShareFacts[];
}

const units = text({ description: 'Minor units, zero or more', pattern: '^(?:0|[1-9][0-9]{0,35})$' });
export const ruleRef = object<SplitRuleRef>({
  id: text({ pattern: '^spr_[0-9A-Za-z_-]+$' }),
  version: wholeNumber({ minimum: 1 }),
});
const share = named(
  'splitShare',
  object<ShareFacts>({ ...partyMembers, amount: units, pending: units, refunded: units }),
);

export const split = named(
  'split',
  object<SplitFacts>({
    amount: units,
    createdAt: time,
    currency,
    description: textOrNull(),
    id: text({ pattern: '^spl_[0-9A-Za-z_-]+$' }),
    livemode: flag,
    metadata,
    payment: text({ pattern: '^pay_[0-9A-Za-z_-]+$' }),
    rule: orNull(ruleRef),
    shares: listOf(share, { minItems: 1, maxItems: partiesMax }),
  }),
);
