import { flag, listOf, object, orNull, text, textOrNull, wholeNumber } from '@fintech-ledger/contract';
import { partiesMax, wholeBps } from './limits';

/* Who gets a part of what is split. Amounts: minor units, as texts. */

/** By a fixed amount, a share of the whole, or all that is left: exactly one of the three is there. */
export interface PartyFacts {
  /** `platform`, or the id of a connected account. */
  readonly account: string;
  readonly fixedAmount: string | null;
  readonly id: string;
  readonly maxAmount: string | null;
  readonly minAmount: string | null;
  readonly remainder: boolean;
  readonly role: string;
  /** 0 to 10,000: hundredths of a percent. */
  readonly shareBps: number | null;
}

const amount = textOrNull({ description: 'Minor units', pattern: '^[1-9][0-9]{0,35}$' });
export const partyMembers = {
  account: text({ pattern: '^(platform|acct_[0-9A-Za-z]+)$' }),
  fixedAmount: amount,
  id: text({ minLength: 1 }),
  maxAmount: amount,
  minAmount: amount,
  remainder: flag,
  role: text({ minLength: 1 }),
  shareBps: orNull(wholeNumber({ minimum: 0, maximum: wholeBps })),
};
export const splitParties = listOf(object<PartyFacts>(partyMembers), { minItems: 1, maxItems: partiesMax });
