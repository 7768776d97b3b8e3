import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { settledKeyOf } from '@fintech-ledger/payments/domain';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { seededRandom, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { ChargeBooks } from '../../../testing/payments/charge-books';
import { splitParty } from '../../../testing/payments/split-books';
import { assertSameInAnyBatches } from '../../../testing/projections/any-batches';
import { seedOf } from '../../../testing/seed';
import { paymentsProjection } from './payments-projection';

const dayMs = 86_400_000;
const seed = seedOf('BATCHES_SEED');
let testing: TestDatabase;
let database: Database;
beforeAll(async () => {
  testing = await testDatabase();
  database = connect({ connectionString: testing.url, max: 2, statementTimeoutMs: 30_000 });
});
afterAll(async () => {
  await database?.close();
  await testing?.drop();
});

const newRefund = { type: 'CreateRefund', metadata: {}, reason: null } as const;

class Given extends ChargeBooks {
  /** A payment of which is heard that its rail has paid it out days ago. */
  heardOf(availableOn: string, more: object = {}): string {
    const payment = this.create(more);
    const call = this.journal.payment(payment).call?.key ?? '';
    const outcome = { kind: 'captured', railReference: 'ch_1', fee: '320', availableOn } as const;
    this.submit({ type: 'RecordRailOutcome', call, outcome, payment, refund: null });
    return payment;
  }
  /** What is due by now, as if no time passed. */
  act(): this {
    this.journal.advance(Date.parse(this.journal.now));
    return this;
  }
  get decoded(): readonly DecodedEvent[] {
    return this.journal.events.map((event, revision) => {
      const recordedMs = Date.parse('2026-01-05T12:00:00.000Z') + revision;
      const at = { owner: 'led_1', revision, recordedMs, effectiveMs: recordedMs };
      return { ...at, organizationId: 'org_1', prefix: 'journal-', event } as unknown as DecodedEvent;
    });
  }
  /** How many ends are not the first one of what they end. */
  get endedAgain(): number {
    const keys = this.journal.events.flatMap((event) => settledKeyOf(event) ?? []);
    return keys.length - new Set(keys).size;
  }
  /** 00:00 UTC. */
  daysAgo(days: number): string {
    const at = new Date(Date.parse(this.journal.now) - days * dayMs).toISOString();
    return `${at.slice(0, 10)}T00:00:00.000Z`;
  }
  /** Its id; none: an account has not enough for it. */
  refundIf(paymentId: string, amount: string): readonly string[] {
    const decision = this.journal.submit({ ...newRefund, paymentId, amount });
    if (decision.kind === 'refused') return [];
    return decision.events.flatMap(({ data }) => ('refund' in data ? [data.refund.id] : []));
  }
  /** What of a payment can be refunded. */
  leftOf(id: string): bigint {
    const { amountCaptured, amountRefunded } = this.journal.payment(id);
    return BigInt(amountCaptured) - BigInt(amountRefunded);
  }
  /** The revisions at which something of this key was over. */
  settled(key: RegExp): readonly number[] {
    return this.journal.events.flatMap((event, revision) =>
      key.test(settledKeyOf(event) ?? '') ? [revision] : [],
    );
  }
}
/** Revision, type and settlement of each line that waits, or has waited. */
async function lines(): Promise<readonly (readonly [number, string, number | null])[]> {
  const { rows } = await database.query<{ revision: string; settled: string | null; type: string }>(
    `select revision, type, settled_revision as settled from read.balance_transactions
      where settlement is not null order by revision, number`,
  );
  return rows.map(({ revision, settled, type }) => [
    Number(revision),
    type,
    settled === null ? null : Number(settled),
  ]);
}
const same = (books: Given) => assertSameInAnyBatches(database, paymentsProjection, books.decoded, seed);

describe(`lines of balances, whatever the batches (BATCHES_SEED=${seed})`, () => {
  it('are settled by the first release after them, of several that are held until one moment', async () => {
    const books = new Given();
    const reserve = { days: 1, rollingBps: 1_000 };
    books.submit({ type: 'UpdateConnectedAccount', accountId: 'acct_1', reserve });
    books.journal.now = '2026-01-20T12:00:00.000Z';
    for (let n = 0; n < 3; n += 1) {
      books.heardOf('2026-01-10T00:00:00.000Z', { connectedAccount: 'acct_1' });
      books.submit({ type: 'ActOnPayments', keys: ['reserve:acct_1:USD:2026-01-11T00:00:00.000Z'] });
    }
    const released = books.settled(/^reserve:/);
    expect(released).toHaveLength(3);
    await same(books);
    const held = (await lines()).filter(([, type]) => type === 'reserve_hold');
    expect(held.map(([, , settled]) => settled)).toEqual(released);
    for (const [revision, , settled] of held) expect(settled).toBeGreaterThan(revision);
  });

  it('are settled by the end after them, where a refund that fails opens it again', async () => {
    const books = new Given();
    const payment = books.pay({});
    const net = String(books.journal.payment(payment).pending);
    const refund = books.refund(payment, net);
    books.settle();
    books.answer(refund, false);
    books.act();
    const ends = books.settled(/^settlement:/);
    expect(ends).toHaveLength(2);
    const [closed = 0, settled = 0] = ends;
    await same(books);
    const own = await lines();
    expect(own.filter(([, , of]) => of === null)).toEqual([]);
    for (const [revision, , of] of own) expect(of).toBe(revision < closed ? closed : settled);
    expect(own.some(([revision]) => revision > closed)).toBe(true);
  });

  it('are pending that come after the end, and wait for the next one', async () => {
    const books = new Given();
    const payment = books.pay({});
    const refund = books.refund(payment, String(books.journal.payment(payment).pending));
    books.settle();
    books.answer(refund, false);
    await same(books);
    const own = await lines();
    expect(own.map(([, type, of]) => [type, of === null])).toEqual([
      ['payment', false],
      ['refund', false],
      ['refund_failure', true],
    ]);
  });

  it('are the same of random histories', async () => {
    const random = seededRandom(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const owners = [
      {},
      { connectedAccount: 'acct_1', applicationFeeAmount: '100' },
      { transferData: { amount: null, destination: 'acct_1' }, applicationFeeAmount: '100' },
      {
        splits: [
          splitParty('one', 'acct_1', { shareBps: 7_000 }),
          splitParty('rest', 'platform', { shareBps: 3_000 }),
        ],
      },
    ];
    let again = 0;
    for (let n = 0; n < 10; n += 1) {
      const books = new Given();
      const reserve = { days: pick([1, 2]), rollingBps: 1_000 };
      books.submit({ type: 'UpdateConnectedAccount', accountId: 'acct_1', reserve });
      const payments: string[] = [];
      const refunds: string[] = [];
      for (let step = 0; step < 40; step += 1) {
        const chance = random();
        const payment = pick(payments);
        const refund = pick(refunds);
        const left = payment === undefined ? 0n : books.leftOf(payment);
        if (chance < 0.2) payments.push(books.pay(pick(owners), random() < 0.3));
        else if (chance < 0.4) payments.push(books.heardOf(books.daysAgo(pick([1, 2, 9])), pick(owners)));
        else if (chance < 0.6 && payment !== undefined && left > 0n)
          refunds.push(...books.refundIf(payment, String(random() < 0.7 ? left : 1n)));
        else if (chance < 0.75 && refund !== undefined) books.answer(refund, random() < 0.3);
        else if (chance < 0.9) books.act();
        else books.journal.advance(Date.parse(books.journal.now) + Math.floor(random() * 2 * dayMs));
      }
      await same(books);
      again += books.endedAgain;
    }
    // Else it says nothing.
    expect(again).toBeGreaterThan(0);
  });
});
