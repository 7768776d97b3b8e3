import { bookingCases } from './booking-cases';
import { chart, paymentsName } from './chart';

const cases = Object.entries(bookingCases).flatMap(([event, all]) =>
  all.map(({ when, lines }) => [event, when, lines] as const),
);
const patterns = chart.map(({ address, type }) => ({
  pattern: new RegExp(`^${address.replace(/<[a-z]+>/g, '[A-Za-z0-9_-]+')}$`),
  type,
}));

it.each(cases)('%s balances, on accounts of the chart: %s', (_event, _when, lines) => {
  let sum = 0n;
  for (const { account, amount, direction, opens } of lines) {
    expect(amount).toBeGreaterThan(0n);
    expect(account.startsWith(`${paymentsName}:`)).toBe(true);
    expect(patterns.find(({ pattern }) => pattern.test(account))?.type).toBe(opens?.type);
    sum += direction === 'debit' ? amount : -amount;
  }
  expect(sum).toBe(0n);
});

it('books on every account of the chart', () => {
  const booked = cases.flatMap(([, , lines]) => lines.map(({ account }) => account));
  for (const { pattern } of patterns) expect(booked.some((account) => pattern.test(account))).toBe(true);
});
