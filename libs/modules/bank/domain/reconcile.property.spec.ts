import { seededRandom } from '../../../testing/faults/seeded-random';
import { seedOf } from '../../../testing/seed';
import { reconcileRail, reconcileStatements } from './reconcile';
import type { BookedItem, Difference, RailItem, StatementItem } from './reconcile';

// RECONCILE_SEED repeats a run, RECONCILE_RUNS makes more of them.
const seed = seedOf('RECONCILE_SEED');
const runs = Number(process.env['RECONCILE_RUNS'] ?? 300);
const kinds = ['payment', 'refund', 'dispute', 'dispute_fee', 'dispute_reversal'] as const;

/** Up to 40 lines of three currencies; now and then two of one kind have one reference. */
function booksOf(random: () => number): readonly BookedItem[] {
  const whole = (below: number): number => Math.floor(random() * below);
  return Array.from({ length: 1 + whole(40) }, (_, n) => ({
    currency: ['EUR', 'JPY', 'USD'][whole(3)] ?? 'EUR',
    feeMinor: BigInt(whole(400)),
    grossMinor: BigInt(whole(2_000_000) - 1_000_000),
    kind: kinds[whole(kinds.length)] ?? 'payment',
    object: `pay_${n}`,
    railReference: `r_${random() < 0.1 ? 0 : n}`,
    since: new Date(Date.UTC(2026, 0, 1 + whole(60))).toISOString(),
  }));
}
const reportOf = (books: readonly BookedItem[]): readonly RailItem[] =>
  books.map(({ object: _object, ...item }) => item).reverse();
const differencesIn = (books: readonly BookedItem[], report: readonly RailItem[]): readonly Difference[] => {
  const all = reconcileRail(books, report);
  for (const { booked, differences, reported } of all) {
    const net = reported.grossMinor - reported.feeMinor - booked.grossMinor + booked.feeMinor;
    // What differs in sum is named by lines, to the last cent.
    expect(differences.reduce((sum, { netMinor }) => sum + netMinor, 0n)).toBe(net);
  }
  return all.flatMap(({ differences }) => differences);
};

it(`a wrong cent is found, and named by its line (seed ${seed})`, () => {
  for (let n = 0; n < runs; n += 1) {
    const random = seededRandom(seed + n);
    const books = booksOf(random);
    const report = reportOf(books);
    expect(differencesIn(books, report)).toEqual([]);
    const at = Math.floor(random() * report.length);
    const wrong = report[at] as RailItem;
    const cent = random() < 0.5 ? 1n : -1n;
    const { kind, railReference } = wrong;
    const named = { kind, railReference };
    const gross = report.with(at, { ...wrong, grossMinor: wrong.grossMinor + cent });
    expect(differencesIn(books, gross)).toMatchObject([
      { ...named, type: 'amount_differs', netMinor: cent, object: expect.any(String) as unknown },
    ]);
    const fee = report.with(at, { ...wrong, feeMinor: wrong.feeMinor + cent });
    expect(differencesIn(books, fee)).toMatchObject([{ ...named, type: 'fee_differs', netMinor: -cent }]);
    const net = wrong.grossMinor - wrong.feeMinor;
    const less = report.filter((_, each) => each !== at);
    expect(differencesIn(books, less)).toMatchObject([
      { ...named, type: 'missing_at_rail', netMinor: -net, reported: null },
    ]);
    expect(differencesIn(books, [...report, wrong])).toMatchObject([
      { ...named, type: 'missing_in_books', netMinor: net, object: null, booked: null },
    ]);
  }
});

it(`a cent of a bank account is found too, in a statement or between two (seed ${seed})`, () => {
  for (let n = 0; n < runs; n += 1) {
    const random = seededRandom(seed + n);
    let balance = BigInt(Math.floor(random() * 1_000));
    const statements = Array.from({ length: 1 + Math.floor(random() * 6) }, (_, at): StatementItem => {
      const bookedMinor = BigInt(Math.floor(random() * 2_000) - 1_000);
      const openingMinor = balance;
      balance += bookedMinor;
      const ids = { id: `bst_${at}`, statementId: `S${at}`, importedAt: `2026-01-0${at + 1}T00:00:00.000Z` };
      const previousMinor = at === 0 ? null : openingMinor;
      const of = { bookedMinor, closingMinor: balance, currency: 'EUR', lines: 1, linesImported: 1 };
      return { ...ids, ...of, openingMinor, previousMinor };
    });
    const found = (changed: readonly StatementItem[]) =>
      reconcileStatements(changed).flatMap(({ differences }) => differences);
    expect(found(statements)).toEqual([]);
    const at = Math.floor(random() * statements.length);
    const wrong = statements[at] as StatementItem;
    const short = statements.with(at, { ...wrong, bookedMinor: wrong.bookedMinor - 1n });
    expect(found(short)).toMatchObject([
      { type: 'statement_incomplete', object: wrong.id, railReference: wrong.statementId, netMinor: 1n },
    ]);
    if (wrong.previousMinor === null) continue;
    const gap = statements.with(at, { ...wrong, previousMinor: wrong.previousMinor - 1n });
    expect(found(gap)).toMatchObject([{ type: 'statement_missing', object: wrong.id, netMinor: 1n }]);
  }
});
