import { refused } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import type { PartyFacts } from './party';
import { wholeBps } from './limits';
import { splitIncomplete, splitInvalid } from './split-refusals';

type Refused = {
  readonly kind: 'refused';
  readonly refusal: Refusal<'split_invalid' | 'split_incomplete'>;
};

/**
 * Why these parties are no split; undefined: they are one. Without amounts: what they come to is judged later.
 * @param at where they are in the request
 */
export function partiesRefusal(parties: readonly PartyFacts[], at = '/parties'): Refused | undefined {
  const wrong = contradiction(parties);
  if (wrong === undefined) return undefined;
  const { param = '' } = wrong.refusal;
  return { ...wrong, refusal: { ...wrong.refusal, param: param.replace('/parties', at) } };
}

function contradiction(parties: readonly PartyFacts[]): Refused | undefined {
  const ids = new Set<string>();
  let bps = 0;
  let rest: PartyFacts | undefined;
  for (const [i, party] of parties.entries()) {
    const wrong = partyRefusal(party, i);
    if (wrong !== undefined) return wrong;
    if (ids.has(party.id)) return invalid(i, 'id', `There are two parties ${party.id}.`);
    ids.add(party.id);
    if (party.remainder && rest !== undefined)
      return invalid(i, 'remainder', `Party ${rest.id} gets the remainder already, not ${party.id}.`);
    if (party.remainder) rest = party;
    bps += party.shareBps ?? 0;
    if (bps > wholeBps)
      return invalid(i, 'share_bps', `With party ${party.id} the shares are ${bps}, above ${wholeBps}.`);
  }
  return rest === undefined ? incomplete(parties, bps) : undefined;
}

function partyRefusal(party: PartyFacts, i: number): Refused | undefined {
  const { fixedAmount, id, maxAmount, minAmount, remainder, shareBps } = party;
  const kinds = [fixedAmount !== null, shareBps !== null, remainder].filter(Boolean).length;
  if (kinds !== 1) {
    const why = `Party ${id} needs one of share_bps, fixed_amount and remainder: it has ${kinds}.`;
    return refused(splitInvalid, why, `/parties/${i}`);
  }
  if (shareBps !== null && (shareBps < 0 || shareBps > wholeBps))
    return invalid(i, 'share_bps', `The share of party ${id} is ${shareBps}, which is not in 0…${wholeBps}.`);
  if (remainder && (minAmount !== null || maxAmount !== null))
    return invalid(i, 'remainder', `Party ${id} gets what is left, whatever it is: it has no bounds.`);
  if (minAmount !== null && maxAmount !== null && BigInt(minAmount) > BigInt(maxAmount))
    return invalid(i, 'min_amount', `The minimum of party ${id} is above its maximum.`);
  return fixedAmount === null ? undefined : fixedRefusal(party, BigInt(fixedAmount), i);
}

function fixedRefusal({ id, maxAmount, minAmount }: PartyFacts, fixed: bigint, i: number) {
  const isWithin =
    (minAmount === null || BigInt(minAmount) <= fixed) && (maxAmount === null || fixed <= BigInt(maxAmount));
  return isWithin
    ? undefined
    : invalid(i, 'fixed_amount', `The fixed amount of party ${id} is not within its bounds.`);
}

/** Without a party that gets the remainder. */
function incomplete(parties: readonly PartyFacts[], bps: number): Refused | undefined {
  for (const [i, { fixedAmount, id, maxAmount, minAmount }] of parties.entries()) {
    const field =
      (fixedAmount !== null && 'fixed_amount') ||
      (minAmount !== null && 'min_amount') ||
      (maxAmount !== null && 'max_amount');
    if (field !== false) {
      const why = `Party ${id} has ${field}, so that some party has to get the remainder.`;
      return refused(splitIncomplete, why, `/parties/${i}/${field}`);
    }
  }
  if (bps === wholeBps) return undefined;
  return refused(
    splitIncomplete,
    `The shares are ${bps} of ${wholeBps}, and no party gets the remainder.`,
    '/parties',
  );
}

const invalid = (i: number, field: string, why: string): Refused =>
  refused(splitInvalid, why, `/parties/${i}/${field}`);
