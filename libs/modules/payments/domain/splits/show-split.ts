import { BrokenInvariant } from '@fintech-ledger/contract';
import { allocate } from './allocate';
import type { Share } from './allocate';
import type { PartyFacts } from './party';
import type { SplitFacts } from './split-facts';
import type { ShareExplanation, SplitExplanationView, SplitPartyView, SplitView } from './split-views';

export const showParty = (party: PartyFacts): SplitPartyView => ({
  id: party.id,
  role: party.role,
  account: party.account,
  share_bps: party.shareBps,
  remainder: party.remainder,
  fixed_amount: party.fixedAmount,
  min_amount: party.minAmount,
  max_amount: party.maxAmount,
});

/** A split in the API's shape. What is rendered for a recorded event never changes. */
export function showSplit(split: SplitFacts): SplitView {
  return {
    id: split.id,
    object: 'split',
    payment: split.payment,
    split_rule: split.rule?.id ?? null,
    version: split.rule?.version ?? null,
    amount: split.amount,
    currency: split.currency,
    parties: split.shares.map(showParty),
    shares: split.shares.map(({ account, amount, id, refunded, role }) => ({
      party: id,
      role,
      account,
      amount,
      refunded,
    })),
    description: split.description,
    created_at: split.createdAt,
    livemode: split.livemode,
    metadata: split.metadata,
  };
}

/** Why a party gets what it gets. */
export function explained({ account, id, role }: PartyFacts, share: Share): ShareExplanation {
  const { denominator, numerator } = share.exact;
  return {
    party: id,
    role,
    account,
    exact: { numerator: String(numerator), denominator: String(denominator) },
    floor: String(share.floor),
    remainder_rank: share.rank,
    bound: share.bound,
    amount: String(share.amount),
  };
}

/** How each amount of a split came about: by the rule that it was made by. @throws BrokenInvariant it was not */
export function explainSplit(split: SplitFacts): SplitExplanationView {
  const allocation = allocate(BigInt(split.amount), split.shares);
  return {
    object: 'split_explanation',
    split: split.id,
    payment: split.payment,
    split_rule: split.rule?.id ?? null,
    version: split.rule?.version ?? null,
    amount: split.amount,
    currency: split.currency,
    shares: split.shares.map((share, i) => {
      const why = allocation.kind === 'allocated' ? allocation.shares[i] : undefined;
      if (String(why?.amount) !== share.amount)
        throw new BrokenInvariant(`party ${share.id} of ${split.id} got ${share.amount}, not ${why?.amount}`);
      return { ...explained(share, why as Share), refunded: share.refunded };
    }),
  };
}
