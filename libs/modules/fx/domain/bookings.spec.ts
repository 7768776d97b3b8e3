import { chart, paymentsName } from '@fintech-ledger/payments/domain';
import { fxBookingCases } from './bookings';
import { fxChart, positionOf } from './chart';

const cases = Object.entries(fxBookingCases).flatMap(([event, all]) =>
  all.map(({ when, lines }) => [event, when, lines] as const),
);
const patternOf = (address: string): RegExp =>
  new RegExp(`^${address.replace(/<[a-z]+>/g, '[A-Za-z0-9_]+')}$`);
const patterns = [...chart, ...fxChart].map(({ address, type }) => ({ pattern: patternOf(address), type }));

it.each(cases)('%s balances in each currency, on accounts of the chart: %s', (_event, _when, lines) => {
  const sums = new Map<string, bigint>();
  for (const { account, amount, currency, direction, opens } of lines) {
    expect(amount).toBeGreaterThan(0n);
    expect(account.startsWith(`${paymentsName}:`)).toBe(true);
    expect(patterns.find(({ pattern }) => pattern.test(account))?.type).toBe(opens?.type);
    sums.set(currency, (sums.get(currency) ?? 0n) + (direction === 'debit' ? amount : -amount));
  }
  expect([...sums.values()]).toEqual([0n, 0n]);
});

it('books on every account of the chart, whose positions are found by their address', () => {
  const booked = cases.flatMap(([, , lines]) => lines.map(({ account }) => account));
  for (const { address } of fxChart)
    expect(booked.some((account) => patternOf(address).test(account))).toBe(true);
  expect(positionOf('payments:positions:EUR-USD:USD')).toEqual({
    base: 'EUR',
    quote: 'USD',
    currency: 'USD',
  });
  expect(positionOf('payments:platform:available:USD')).toBeUndefined();
});
