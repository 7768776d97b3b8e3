import { paymentsName } from '@fintech-ledger/payments/domain';
import type { ChartAccount, ChartLine } from '@fintech-ledger/payments/domain';
import type { Pair } from './rate';

/* What conversions book on besides balances: below the name of payments, in whose ledger they are. */

const spread = {
  earned: [
    'platform:spread',
    'equity',
    'Spreads that the platform has earned: they are no part of a balance',
  ],
  revenue: ['revenue:spread', 'revenue', 'Spreads of conversions'],
} as const;

/** What conversions of a pair have brought and taken in one of its currencies, at mid when they were dealt. */
export const positionAccount = ({ base, quote }: Pair, currency: string): ChartAccount => ({
  account: `${paymentsName}:positions:${base}-${quote}:${currency}`,
  opens: { type: 'equity' },
});
export function spreadAccount(name: keyof typeof spread, currency: string): ChartAccount {
  const [path, type] = spread[name];
  return { account: `${paymentsName}:${path}:${currency}`, opens: { type } };
}

const position = new RegExp(`^${paymentsName}:positions:([A-Z]{3})-([A-Z]{3}):([A-Z]{3})$`);

/** Of which pair an account is the position, and in which of its currencies; undefined: of none. */
export function positionOf(account: string): (Pair & { readonly currency: string }) | undefined {
  const [, base, quote, currency] = position.exec(account) ?? [];
  if (base === undefined || quote === undefined || currency === undefined) return undefined;
  return { base, quote, currency };
}

export const fxChart: readonly ChartLine[] = [
  {
    address: `${paymentsName}:positions:<base>-<quote>:<currency>`,
    type: 'equity',
    meaning:
      'What conversions of a pair have brought of one of its currencies, less what they have taken, at mid when they ' +
      'were dealt',
  },
  ...Object.values(spread).map(([name, type, meaning]) => ({
    address: `${paymentsName}:${name}:<currency>`,
    type,
    meaning,
  })),
];
