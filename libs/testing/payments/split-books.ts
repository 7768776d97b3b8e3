import type { CreateSplit, PartyFacts, PaymentEvent, SplitFacts } from '@fintech-ledger/payments/domain';
import { ChargeBooks } from './charge-books';

/** A party with one of a share, a fixed amount and the remainder. */
export const splitParty = (id: string, account: string, more: Partial<PartyFacts>): PartyFacts => ({
  account,
  fixedAmount: null,
  id,
  maxAmount: null,
  minAmount: null,
  remainder: false,
  role: 'partner',
  shareBps: null,
  ...more,
});

/** A journal with the accounts `acct_1` and `acct_2`, among whom and the platform payments are split. */
export class SplitBooks extends ChargeBooks {
  constructor() {
    super(['acct_1', 'acct_2']);
  }

  /** The newest one of a payment. */
  split(payment: string): SplitFacts {
    const of = this.journal.payment(payment).split;
    const event = this.journal.events.findLast(({ data }) => 'split' in data && data.split.id === of);
    if (event === undefined) throw new Error(`${payment} is not split`);
    return (event.data as { readonly split: SplitFacts }).split;
  }
  /** What each party has of it: what it got less what went back. */
  shares(payment: string): readonly bigint[] {
    return this.split(payment).shares.map(({ amount, refunded }) => BigInt(amount) - BigInt(refunded));
  }
  createSplit(payment: string, how: Pick<CreateSplit, 'parties' | 'splitRule'>): readonly PaymentEvent[] {
    return this.submit({ type: 'CreateSplit', description: null, metadata: {}, payment, ...how });
  }
  /** The id of a rule. */
  rule(parties: readonly PartyFacts[], currency: string | null = null): string {
    const [made] = this.submit({ type: 'CreateSplitRule', currency, livemode: false, name: 'Rule', parties });
    return (made?.data as unknown as { readonly splitRule: { readonly id: string } }).splitRule.id;
  }
}
