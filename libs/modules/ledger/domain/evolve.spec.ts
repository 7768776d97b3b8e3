import { BrokenInvariant } from '@fintech-ledger/contract';
import { InMemoryLedger } from '../../../testing/ledger/in-memory-ledger';
import { given } from '../../../testing/decider-specification';
import { hold, open, post, transfer } from '../../../testing/ledger/command-builders';
import { effectiveAtOf } from './events';
import type { LedgerEvent } from './events';

const history = [
  open('cash', 'asset'),
  open('acme', 'liability'),
  hold(transfer('cash', 'acme', '10')),
  { type: 'VoidHold', transactionId: 'txn_2' } as const,
  post(transfer('cash', 'acme', '7')),
];
const { events } = given(...history).ledger;

/** The history with one of its events edited as JSON text. */
function edited(index: number, from: string, to: string): LedgerEvent[] {
  return events.map((event, i) => {
    const text = JSON.stringify(event);
    if (i === index) expect(text).toContain(from);
    return JSON.parse(i === index ? text.replace(from, to) : text) as LedgerEvent;
  });
}

describe('evolve', () => {
  it('takes the history as it is', () => {
    expect(InMemoryLedger.of(events).revision).toBe(4);
  });

  it('takes what was refused of a bulk, and no record changes by it', () => {
    const refused: LedgerEvent = { type: 'TransactionsRefused', data: { from: 2, of: 3, to: 3 } };
    expect(InMemoryLedger.of([...events, refused]).records).toEqual(InMemoryLedger.of(events).records);
    expect(effectiveAtOf(refused, '2026-01-01T00:00:00.000Z')).toBe('2026-01-01T00:00:00.000Z');
  });

  it.each<[string, LedgerEvent[], RegExp]>([
    ['an amount that was changed on one side', edited(4, '"amount":"7"', '"amount":"8"'), /totals|differ/],
    [
      'totals that were changed',
      edited(4, '"postedDebits":"7"', '"postedDebits":"8"'),
      /totals that an entry on cash/,
    ],
    [
      'a direction that was changed',
      edited(4, '"direction":"credit"', '"direction":"debit"'),
      /differ by 14 USD/,
    ],
    ['an effect that was changed', edited(4, '"effect":"post"', '"effect":"hold"'), /differ/],
    ['an account that is not there', edited(4, '"account":"cash"', '"account":"gone"'), /not in the ledger/],
    ['a version that was skipped', edited(4, '"version":4', '"version":5'), /totals/],
    ['an account opened twice', [...events.slice(0, 1), ...events.slice(0, 1)], /version/],
    ['an event that is missing', [...events.slice(0, 2), ...events.slice(3)], /totals|released/],
    ['an event that comes twice', [...events, ...events.slice(-1)], /totals/],
  ])('is stopped by %s', (_what, broken, message) => {
    expect(() => InMemoryLedger.of(broken)).toThrow(BrokenInvariant);
    expect(() => InMemoryLedger.of(broken)).toThrow(message);
  });
});
