import type { BookingLine } from '@fintech-ledger/ledger/domain';
import { chartAccount, ownerAccount, platformOwner } from '@fintech-ledger/payments/domain';
import type { ChartAccount } from '@fintech-ledger/payments/domain';
import { positionAccount, spreadAccount } from './chart';
import type { DealFacts } from './facts';
import type { FxEvent } from './events';

/**
 * A conversion: the position takes what is given and gives what that is worth at mid; of that the balance gets what was
 * promised, and the rest is the spread. It is earned outside of any balance, and is revenue against the result.
 */
export function conversionLines({ cost, from, pair, spread, to }: Deal): BookingLine[] {
  const available = (currency: string): ChartAccount => ownerAccount(platformOwner, 'available', currency);
  const given = { amount: BigInt(from.amount), currency: from.currency };
  const got = { amount: BigInt(to.amount), currency: to.currency };
  const worth = { ...got, amount: BigInt(cost) };
  const lines: BookingLine[] = [
    { ...available(from.currency), direction: 'debit', ...given },
    { ...positionAccount(pair, from.currency), direction: 'credit', ...given },
    { ...positionAccount(pair, to.currency), direction: 'debit', ...worth },
    { ...available(to.currency), direction: 'credit', ...got },
  ];
  if (spread === '0') return lines;
  const earned = { ...got, amount: BigInt(spread) };
  return [
    ...lines,
    { ...spreadAccount('earned', to.currency), direction: 'credit', ...earned },
    { ...chartAccount('result', to.currency), direction: 'debit', ...earned },
    { ...spreadAccount('revenue', to.currency), direction: 'credit', ...earned },
  ];
}
type Deal = Pick<DealFacts, 'cost' | 'from' | 'pair' | 'spread' | 'to'>;

/** An event that books, in one of its cases, with the lines that it has then. */
interface BookingCase {
  readonly when: string;
  readonly lines: readonly BookingLine[];
}
const pair = { base: 'EUR', quote: 'USD' };
const eur = (amount: string) => ({ amount, currency: 'EUR' });
const usd = (amount: string) => ({ amount, currency: 'USD' });

/** What each event books, for the reference: one that is forgotten does not compile. */
export const fxBookingCases: Readonly<
  Record<Extract<FxEvent, { readonly data: { readonly entries: unknown } }>['type'], readonly BookingCase[]>
> = {
  FxConversionCreated: [
    {
      when: '100.00 EUR become 109.00 USD, at a rate of 1.09 / 1.11: at mid they are worth 110.00 USD.',
      lines: conversionLines({ pair, from: eur('10000'), to: usd('10900'), cost: '11000', spread: '100' }),
    },
    {
      when: '111.00 USD become 100.00 EUR at the same rate: at mid they are worth 100.90 EUR.',
      lines: conversionLines({ pair, from: usd('11100'), to: eur('10000'), cost: '10090', spread: '90' }),
    },
    {
      when: '100.00 EUR become 110.00 USD, where bid and ask are equal.',
      lines: conversionLines({ pair, from: eur('10000'), to: usd('11000'), cost: '11000', spread: '0' }),
    },
  ],
};
