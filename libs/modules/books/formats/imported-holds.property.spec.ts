import fc from 'fast-check';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import { fileOf, MemoryBooks, textOf } from '../../../testing/books/memory-books';
import type { BooksOutcome } from './books';
import { exportFormats } from './export-formats';
import { importNdjson } from './import-ndjson';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Books in which time passes with every command, and in which holds end as soon as their time has come. */
class LivingBooks extends MemoryBooks {
  hoursEach = 0;
  /** Commands that are left to an import until its process dies. */
  left = Infinity;

  wait(hours: number): void {
    this.now = new Date(Date.parse(this.now) + hours * hourMs).toISOString();
    this.expireHolds();
  }

  override async submit(
    command: LedgerCommand,
    key: string,
    options?: { dryRun?: boolean },
  ): Promise<BooksOutcome> {
    if (options?.dryRun !== true && (this.left -= 1) < 0) throw new Error('killed');
    const outcome = await super.submit(command, key, options);
    if (options?.dryRun !== true) this.wait(this.hoursEach);
    return outcome;
  }
}

type Line = Readonly<Record<string, unknown>>;
const linesOf = async (books: MemoryBooks): Promise<readonly Line[]> => {
  const text = await textOf(exportFormats.ndjson.write(books.source()));
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
};

/** What an export says of each hold, in the order of the holds: its lines without the id, which is another one in a copy. */
async function holdsIn(books: MemoryBooks): Promise<readonly (readonly Line[])[]> {
  const holds = new Map<unknown, Line[]>();
  for (const { id, transaction, ...said } of await linesOf(books)) {
    if (said['object'] === 'transaction') holds.set(id, [said]);
    else holds.get(transaction)?.push(said);
  }
  return [...holds.values()];
}
const statesOf = ({ transactions }: MemoryBooks) =>
  transactions.map(({ status, expiresAt, effectiveAt, lines }) => ({
    status,
    expiresAt,
    effectiveAt,
    lines,
  }));

const step = fc.record({
  kind: fc.constantFrom('hold', 'hold', 'part', 'whole', 'rest', 'void', 'wait', 'wait'),
  which: fc.nat({ max: 30 }),
  hours: fc.constantFrom(1, 20, 30, 24 * 8),
  amount: fc.integer({ min: 1, max: 60 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function act(source: LivingBooks, { kind, which, hours, amount }: Step): Promise<void> {
  const entriesOf = (of: number) =>
    (['debit', 'credit'] as const).map((direction) => ({
      ...{ account: direction === 'debit' ? 'wallet' : 'shop', direction },
      ...{ amount: String(of), currency: 'USD' },
    }));
  if (kind === 'wait') return source.wait(hours);
  const key = `k${source.recorded.length}`;
  if (kind === 'hold') {
    const at = Date.parse(source.now) + hours * hourMs;
    const expiresAt = which % 4 === 0 ? null : new Date(at).toISOString();
    const effectiveAt = which % 3 === 0 ? '2026-10-01T00:00:00.000Z' : null;
    await source.submit(
      { type: 'PostTransaction', pending: true, entries: entriesOf(60), expiresAt, effectiveAt },
      key,
    );
    return;
  }
  const open = source.transactions.filter(({ status }) => status === 'pending');
  const transactionId = open[which % Math.max(open.length, 1)]?.id ?? 'txn_none';
  if (kind === 'void') await source.submit({ type: 'VoidHold', transactionId }, key);
  else if (kind === 'whole') await source.submit({ type: 'CaptureHold', transactionId }, key);
  else
    await source.submit(
      { type: 'CaptureHold', transactionId, entries: entriesOf(amount), final: kind === 'rest' },
      key,
    );
}

async function sourceOf(steps: readonly Step[]): Promise<LivingBooks> {
  const source = new LivingBooks('led_source');
  const usd = { type: 'OpenAccount', currency: 'USD' } as const;
  // What is held of a wallet is not there for another one: what a copy released early would let more be held.
  await source.submit({ ...usd, address: 'wallet', accountType: 'liability', minBalance: '0' }, 'a');
  await source.submit({ ...usd, address: 'shop', accountType: 'liability' }, 'b');
  const paid = (['debit', 'credit'] as const).map((direction) => ({
    ...{ account: direction === 'credit' ? 'wallet' : 'shop', direction, amount: '200', currency: 'USD' },
  }));
  await source.submit({ type: 'PostTransaction', entries: paid }, 'c');
  for (const each of steps) await act(source, each);
  return source;
}

interface Passing {
  /** From the export to the import, and how long each of its commands takes. */
  readonly days: number;
  readonly hoursEach: number;
  /** After so many commands its process dies. */
  readonly killedAfter: number;
  /** Until it is run again. */
  readonly hoursAway: number;
}

async function copyOf(source: LivingBooks, id: string, passing: Passing): Promise<LivingBooks> {
  const text = await textOf(exportFormats.ndjson.write(source.source()));
  const copy = new LivingBooks(id);
  copy.now = new Date(Date.parse(source.now) + passing.days * dayMs).toISOString();
  copy.hoursEach = passing.hoursEach;
  copy.left = passing.killedAfter;
  const run = () => importNdjson(fileOf(text, 65_536), copy, {});
  await run().catch((error: unknown) => {
    expect(error).toMatchObject({ message: 'killed' });
  });
  copy.left = Infinity;
  copy.wait(passing.hoursAway);
  const { errors } = await run();
  expect(errors).toEqual([]);
  return copy;
}

const passing: fc.Arbitrary<Passing> = fc.record({
  days: fc.constantFrom(0, 1, 20),
  hoursEach: fc.constantFrom(0, 1),
  killedAfter: fc.nat({ max: 40 }),
  hoursAway: fc.constantFrom(0, 25, 72),
});

it('imports holds as they were, also where it is interrupted, and exports them as the source does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), passing, async (steps, times) => {
      let source = await sourceOf(steps);
      for (const id of ['led_copy', 'led_again']) {
        const copy = await copyOf(source, id, times);
        // By the same time, as each of them would have come to it.
        source.now = copy.now;
        for (const books of [source, copy]) books.wait(0);
        expect(statesOf(copy)).toEqual(statesOf(source));
        expect(await holdsIn(copy)).toEqual(await holdsIn(source));
        expect(copy.balances()).toEqual(source.balances());
        source.now = copy.now = new Date(Date.parse(copy.now) + 9 * dayMs).toISOString();
        for (const books of [source, copy]) books.wait(0);
        expect(statesOf(copy)).toEqual(statesOf(source));
        source = copy;
      }
    }),
    { numRuns: 200 },
  );
});

it('takes up an import too late for what was released meanwhile, and says so where the file says otherwise', async () => {
  const hold = { kind: 'hold', which: 1, hours: 1, amount: 1 } as const;
  const late = { days: 0, hoursEach: 0, killedAfter: 4, hoursAway: 24 * 8 };
  const expired = await copyOf(await sourceOf([hold, { ...hold, kind: 'wait' }]), 'led_copy', late);
  expect(statesOf(expired).at(-1)).toMatchObject({ status: 'expired' });
  // It is captured in the source, and all that was held of it is free here.
  const captured = await sourceOf([hold, { ...hold, kind: 'whole' }]);
  await expect(copyOf(captured, 'led_copy', late)).rejects.toThrow('hold_expired');
});
