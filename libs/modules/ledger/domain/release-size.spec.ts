import { decide } from './decide';
import { evolve } from './evolve';
import { releaseBytesMax } from './release-size';
import type { HoldPlaced } from './events';
import type { LedgerCommand } from './commands';
import { LayeredView } from './records';

const large = '9'.repeat(36);
const context = {
  now: '2026-01-01T00:00:00.000Z',
  newId: (prefix: string, index: number) => `${prefix}_${index}`,
};
const later = { ...context, now: '2027-01-01T00:00:00.000Z', newId: () => 'txn_x' };

function ledgerWith(...commands: LedgerCommand[]): LayeredView {
  const view = new LayeredView({ get: () => undefined });
  for (const command of commands) {
    const decision = decide(view, command, context);
    if (decision.kind === 'refused') throw new Error(decision.refusal.detail);
    for (const event of decision.events) view.set(evolve(view, event));
  }
  return view;
}

const open = (address: string): LedgerCommand => ({
  type: 'OpenAccount',
  address,
  accountType: 'liability',
  currency: 'ABCDEFGHIJKLMNOPQRSTUVWX',
});
const addresses = [`a${'b'.repeat(254)}`, 'c'];
const entries = (amount: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    account: addresses[i % 2] ?? '',
    direction: i % 2 ? ('credit' as const) : ('debit' as const),
    amount,
    currency: 'ABCDEFGHIJKLMNOPQRSTUVWX',
  }));
const hold = (count: number): LedgerCommand => ({
  type: 'PostTransaction',
  pending: true,
  description: '😀"\\\u0001'.repeat(50),
  expiresAt: '2026-06-01T00:00:00.000Z',
  entries: entries(large, count),
});

describe('the size of a release', () => {
  it.each([2, 10, 1_000])('is never above what was foreseen for %i entries', (count) => {
    const before = ledgerWith(...addresses.map(open));
    const placed = decide(before, hold(count), context);
    if (placed.kind === 'refused') throw new Error(placed.refusal.detail);
    const [event] = placed.events as [HoldPlaced];
    before.set(evolve(before, event));
    // The accounts' totals grow as far as they can.
    for (let i = 0; i < 6; i += 1) {
      const grown = decide(before, { type: 'PostTransaction', entries: entries(large, 1_000) }, later);
      if (grown.kind === 'decided') for (const one of grown.events) before.set(evolve(before, one));
    }
    const expired = decide(before, { type: 'ExpireHolds', transactionIds: ['txn_0'] }, later);
    if (expired.kind === 'refused') throw new Error(expired.refusal.detail);
    expect(expired.events.map(({ type }) => type)).toEqual(['HoldExpired']);
    const bytes = Buffer.byteLength(JSON.stringify(expired.events[0]?.data));
    const foreseen = releaseBytesMax(event.data);
    expect(bytes).toBeLessThan(foreseen - 4_000);
    // And not so far below that holds are refused without need.
    expect(foreseen).toBeLessThan(2 * bytes + 8_000);
  });

  it('refuses a hold that could never be released, when it is placed, naming it in a bulk', () => {
    const view = ledgerWith(...addresses.map(open));
    const limited = { ...context, eventBytesMax: 10_000 };
    expect(decide(view, hold(100), limited)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'hold_too_large', param: '/entries' },
    });
    expect(decide(view, hold(2), limited).kind).toBe('decided');
    expect(
      decide(view, { ...hold(100), pending: false, expiresAt: null } as LedgerCommand, limited).kind,
    ).toBe('decided');
    const transactions = [hold(2), hold(100)].map(({ type: _, ...request }) => request) as never;
    expect(decide(view, { type: 'PostTransactions', atomic: false, transactions }, limited)).toMatchObject({
      kind: 'decided',
      events: [{ type: 'HoldPlaced' }],
      refusedItems: [{ index: 1, refusal: { code: 'hold_too_large', param: '/transactions/1/entries' } }],
    });
  });
});
