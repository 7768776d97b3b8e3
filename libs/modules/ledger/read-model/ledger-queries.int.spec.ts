import { InvalidCursor, PositionWaiter, Projector } from '@fintech-ledger/projection-runtime';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import type { At, Alarm } from '@fintech-ledger/projection-runtime';
import type { AccountEntryView, TransactionView } from '../views/transaction';
import type { LedgerQueries } from './queries';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import type { AccountTotals } from '@fintech-ledger/ledger/domain';
import {
  availableBalance,
  linesToldMax,
  reversalsNamedMax,
  transactionKey,
} from '@fintech-ledger/ledger/domain';
import { transactionView } from '../journal/transaction-view';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import {
  BruteForceBooks,
  JournalBuilder,
  randomJournal,
  ScriptedFeed,
  seededRandom,
  testDatabase,
} from '@fintech-ledger/testing';
import type { BookEntry, TestDatabase } from '@fintech-ledger/testing';
import { readSubtreeBalances } from '../balances/read-subtree-balances';
import { postgresLedgerQueries } from './ledger-queries';
import { seedOf } from '../../../testing/seed';
import { ledgerAndAccess } from '../../../testing/modules';
import { ledgerProjections } from '../ledger.module';

const { decode, projections } = ledgerAndAccess;

const seed = seedOf('FC_SEED');
const ledgerId = 'led_books';
const dayMs = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString();

describe(`the read models of a ledger (seed ${seed})`, () => {
  let database: TestDatabase;
  let db: Database;
  let queries: LedgerQueries;
  let projector: Projector<DecodedEvent>;
  const feed = new ScriptedFeed();
  const alarms: Alarm[] = [];
  const random = seededRandom(seed);
  const journal = randomJournal({ ledgerId, seed, commands: 900 });
  const foreign = randomJournal({ ledgerId: 'led_foreign', seed: seed + 1, commands: 100 });
  const books = new BruteForceBooks(journal.recorded);
  const { events } = journal.ledger;
  const last = journal.recorded.length - 1;
  const accounts = events.flatMap((event, revision) =>
    event.type === 'AccountOpened' ? [{ ...event.data.account, revision }] : [],
  );
  const firstMs = Date.parse(accounts[0]?.openedAt ?? '');
  const lastMs = Math.max(...books.entries.map(({ recordedMs }) => recordedMs));
  const moments = Array.from({ length: 25 }, (_, i) =>
    i < 5
      ? Math.floor(firstMs / dayMs + i * 3) * dayMs
      : Math.floor(firstMs - dayMs + random() * (lastMs - firstMs + 4 * dayMs)),
  ).concat(
    books.entries
      .slice(100, 110)
      .flatMap(({ effectiveMs, recordedMs }) => [effectiveMs, recordedMs, recordedMs - 1]),
  );

  beforeAll(async () => {
    database = await testDatabase();
    db = connect({ connectionString: database.url, statementTimeoutMs: 30_000 });
    projector = new Projector({
      db,
      feed,
      history: feed,
      decode,
      projections,
      observer: { halted: (alarm) => alarms.push(alarm) },
    });
    projector.start();
    queries = postgresLedgerQueries(db, new PositionWaiter(db, ledgerProjections));
    // Batches of any size, each overlapping the one before, the other ledger's in between.
    feed.push(...foreign.recorded);
    for (let at = 0; at <= last;) {
      const size = 1 + Math.floor(random() * 120);
      feed.push(...journal.recorded.slice(Math.max(0, at - 3), at + size));
      at += size;
    }
    expect(await queries.waitFor(ledgerId, last, 20_000)).toBe(true);
    expect(alarms).toEqual([]);
  }, 60_000);
  afterAll(async () => {
    await projector.stop();
    await db.close();
    await database.drop();
  });

  const figures = (totals: AccountTotals, type: (typeof accounts)[number]['type']) => ({
    posted: { debits: String(totals.postedDebits), credits: String(totals.postedCredits) },
    pending: { debits: String(totals.pendingDebits), credits: String(totals.pendingCredits) },
    available: String(availableBalance(type, totals)),
  });
  async function all<T>(read: (cursor?: string) => Promise<At<Page<T> | null>>): Promise<T[]> {
    const rows: T[] = [];
    for (let cursor: string | undefined; ;) {
      const { result } = await read(cursor);
      if (result === null) throw new Error('nothing there');
      rows.push(...result.data);
      expect(result.has_more).toBe(result.next_cursor !== null);
      if (result.next_cursor === null) return rows;
      cursor = result.next_cursor;
    }
  }
  const page = (limit: number, cursor?: string) => ({ limit, ...(cursor === undefined ? {} : { cursor }) });

  it('has every balance as the entries give it', async () => {
    for (const { address, type } of accounts) {
      const { result, revision } = await queries.balance(ledgerId, address);
      expect(result).toMatchObject(figures(books.totals(books.statement(address, 'recorded')), type));
      expect(result?.version).toBe(
        journal.ledger.get(`a:${address}`)?.kind === 'account' ? versionOf(address) : null,
      );
      expect(result?.position).toBe(`${ledgerId}@${last}`);
      expect(revision).toBe(last);
    }
  });

  it('has every balance as of any moment, on both axes', async () => {
    for (const ms of moments) {
      for (const { address, type, openedAt } of accounts) {
        const own = books.statement(address, 'recorded');
        const effective = await queries.balance(ledgerId, address, { time: iso(ms), axis: 'effective' });
        expect(effective.result).toMatchObject(
          figures(books.totals(own.filter((e) => e.effectiveMs <= ms)), type),
        );
        const recorded = await queries.balance(ledgerId, address, { time: iso(ms), axis: 'recorded' });
        if (Date.parse(openedAt) > ms) expect(recorded.result).toBeNull();
        else
          expect(recorded.result).toMatchObject(
            figures(books.totals(own.filter((e) => e.recordedMs <= ms)), type),
          );
      }
    }
  }, 60_000);

  it('has every balance as of a revision', async () => {
    for (let i = 0; i < 30; i += 1) {
      const at = Math.floor(random() * (last + 1));
      for (const { address, type, revision: opened } of accounts.slice(0, 5)) {
        const { result } = await queries.balance(ledgerId, address, { revision: at });
        const own = books.statement(address, 'recorded').filter(({ revision }) => revision <= at);
        if (opened > at) expect(result).toBeNull();
        else expect(result).toMatchObject(figures(books.totals(own), type));
      }
    }
  });

  it('has a trial balance that is summed from the accounts and balances, at any moment', async () => {
    for (const asOf of [
      undefined,
      ...moments.slice(3, 9).flatMap((ms) => [
        { time: iso(ms), axis: 'effective' as const },
        { time: iso(ms), axis: 'recorded' as const },
      ]),
    ]) {
      const isIn = (e: BookEntry): boolean =>
        asOf === undefined ||
        (asOf.axis === 'effective' ? e.effectiveMs : e.recordedMs) <= Date.parse(asOf.time);
      const lines = await all(async (cursor) => {
        const at = await queries.trialBalance(ledgerId, asOf, page(5, cursor));
        expect(at.result.balanced).toBe(true);
        for (const { currency, debits, credits } of at.result.totals) {
          const totals = books.totals(books.entries.filter((e) => e.entry.currency === currency && isIn(e)));
          expect([debits, credits]).toEqual([String(totals.postedDebits), String(totals.postedCredits)]);
        }
        return at;
      });
      const there = accounts.filter(
        ({ openedAt }) => asOf?.axis !== 'recorded' || Date.parse(openedAt) <= Date.parse(asOf.time),
      );
      expect(lines.map(({ account }) => account)).toEqual(there.map(({ address }) => address).sort());
      for (const { account, debits } of lines) {
        const totals = books.totals(books.statement(account, 'recorded').filter(isIn));
        expect(debits).toBe(String(totals.postedDebits));
      }
    }
  });

  it('has statements with the running balance on both axes, paged without a gap or a double', async () => {
    for (const axis of ['recorded', 'effective'] as const) {
      for (const { address, type } of accounts.slice(0, 8)) {
        const statement = books.statement(address, axis);
        const [from, to] = [firstMs + 20 * dayMs, firstMs + 60 * dayMs];
        for (const range of [{}, { from: iso(from), to: iso(to) }]) {
          const lines = await all<AccountEntryView>((cursor) =>
            queries.accountEntries(ledgerId, address, { axis, ...range }, page(7, cursor)),
          );
          const expected = statement
            .map((e, i) => ({ e, totals: books.totals(statement.slice(0, i + 1)) }))
            .filter(({ e }) => {
              const ms = axis === 'recorded' ? e.recordedMs : e.effectiveMs;
              return !('from' in range) || (ms >= from && ms < to);
            })
            .reverse();
          expect(
            lines.map(({ event, transaction, effect, amount }) => [
              event.revision,
              transaction,
              effect,
              amount,
            ]),
          ).toEqual(expected.map(({ e }) => [e.revision, e.transactionId, e.entry.effect, e.entry.amount]));
          expect(lines.map(({ running }) => running)).toMatchObject(
            expected.map(({ totals }) => figures(totals, type)),
          );
        }
      }
    }
  }, 60_000);

  it('has every transaction as the ledger has it', async () => {
    for (const id of new Set(books.entries.map(({ transactionId }) => transactionId))) {
      const record = journal.ledger.get(transactionKey(id));
      const { result } = await queries.transaction(ledgerId, id);
      expect(result).toEqual(record?.kind === 'transaction' ? transactionView(record.snapshot) : null);
    }
    expect((await queries.transaction(ledgerId, 'txn_none')).result).toBeNull();
  });

  it('lists transactions newest first, by every filter', async () => {
    const ids = [...new Set(books.entries.map(({ transactionId }) => transactionId))];
    const views = ids.flatMap((id): TransactionView[] => {
      const record = journal.ledger.get(transactionKey(id));
      return record?.kind === 'transaction' ? [transactionView(record.snapshot)] : [];
    });
    const account = accounts[2]?.address ?? '';
    const [from, to] = [iso(firstMs + 15 * dayMs), iso(firstMs + 50 * dayMs)];
    const reference = views.find((view) => view.reference !== null)?.reference ?? '';
    const reverses = views.find((view) => view.reversed_by.length > 0)?.id ?? '';
    const filters: Parameters<LedgerQueries['transactions']>[1][] = [
      {},
      { status: 'posted' },
      { status: 'pending' },
      { status: 'voided' },
      { status: 'expired' },
      { account },
      { account, status: 'posted' },
      { account, metadata: { shop: 'a' } },
      { reference },
      { reference, account },
      { reverses },
      { reverses, axis: 'effective' },
      { reverses, account },
      { metadata: { shop: 'a' } },
      { metadata: { shop: 'a', k1: 'v"\\\t%' } },
      { metadata: { shop: '%' } },
      { from, to },
      { from },
      { to, axis: 'recorded' },
      { from, to, axis: 'recorded' },
      { axis: 'effective' },
      { from, to, account },
      { from, to, account, axis: 'recorded' },
      { account, axis: 'effective' },
    ];
    for (const filter of filters) {
      const axis =
        filter.axis ?? (filter.from === undefined && filter.to === undefined ? 'recorded' : 'effective');
      const timeOf = (view: TransactionView): string =>
        axis === 'effective' ? view.effective_at : view.recorded_at;
      const expected = views.filter(
        (view) =>
          (filter.status === undefined || view.status === filter.status) &&
          (filter.reference === undefined || view.reference === filter.reference) &&
          (filter.reverses === undefined || view.reverses === filter.reverses) &&
          (filter.account === undefined || view.entries.some((entry) => entry.account === filter.account)) &&
          Object.entries(filter.metadata ?? {}).every(([key, value]) => view.metadata[key] === value) &&
          (filter.from === undefined || timeOf(view) >= filter.from) &&
          (filter.to === undefined || timeOf(view) < filter.to),
      );
      if (axis === 'effective')
        expected.sort((a, b) =>
          a.effective_at < b.effective_at ? -1 : a.effective_at > b.effective_at ? 1 : 0,
        );
      const found = await all((cursor) => queries.transactions(ledgerId, filter, page(9, cursor)));
      expect({ filter, ids: found.map(({ id }) => id) }).toEqual({
        filter,
        ids: expected.map(({ id }) => id).reverse(),
      });
    }
  }, 60_000);

  it('lists accounts by prefix, type, currency and metadata, and sums subtrees', async () => {
    const addresses = async (filter: Parameters<LedgerQueries['accounts']>[1]): Promise<string[]> =>
      (await all((cursor) => queries.accounts(ledgerId, filter, page(3, cursor)))).map(
        ({ address }) => address,
      );
    const newestFirst = accounts.map(({ address }) => address).reverse();
    expect(await addresses({})).toEqual(newestFirst);
    for (const prefix of ['cash', 'cash:till_', 'cash:till_1', 'shop', 'shop:', 'shop:a:', '%', '_', 'zzz']) {
      expect(await addresses({ prefix })).toEqual(
        newestFirst.filter((address) => address.startsWith(prefix)),
      );
    }
    expect(await addresses({ type: 'asset', currency: 'EUR' })).toEqual(
      accounts
        .filter(({ type, currency }) => type === 'asset' && currency === 'EUR')
        .map(({ address }) => address)
        .reverse(),
    );
    expect(await addresses({ metadata: { currency: 'USD' } })).toEqual(
      newestFirst.filter((address) => address.endsWith(':USD')),
    );

    for (const request of [
      { prefix: '' },
      { prefix: 'shop', groupBySegments: 1 },
      { prefix: 'shop:', groupBySegments: 2 },
    ]) {
      const groups = await all((cursor) =>
        queries.read(ledgerId, (sql, scope) => readSubtreeBalances(sql, scope, request, page(2, cursor))),
      );
      const expected = new Map<string, bigint>();
      for (const { address, currency } of accounts.filter((one) => one.address.startsWith(request.prefix))) {
        const group =
          'groupBySegments' in request
            ? address.split(':').slice(0, request.groupBySegments).join(':')
            : request.prefix;
        const totals = books.totals(books.statement(address, 'recorded'));
        const key = `${group} ${currency}`;
        expected.set(key, (expected.get(key) ?? 0n) + totals.postedDebits + totals.pendingCredits);
      }
      expect(
        groups.map((one) => [
          `${one.prefix} ${one.currency}`,
          BigInt(one.posted.debits) + BigInt(one.pending.credits),
        ]),
      ).toEqual([...expected].sort(([a], [b]) => (a < b ? -1 : 1)));
    }
  });

  it('shows nothing of another ledger', async () => {
    const address = accounts[0]?.address ?? '';
    const foreignId =
      foreign.ledger.events.flatMap((event) =>
        'transaction' in event.data ? [event.data.transaction.id] : [],
      )[0] ?? '';
    expect((await queries.transaction(ledgerId, foreignId)).result).toBeNull();
    expect((await queries.transaction('led_foreign', foreignId)).result?.id).toBe(foreignId);
    expect(await queries.balance('led_nobody', address)).toEqual({ revision: -1, result: null });
    expect(await queries.accountEntries('led_nobody', address, {}, page(5))).toEqual({
      revision: -1,
      result: null,
    });
    const none = { data: [], has_more: false, next_cursor: null };
    expect(await queries.transactions('led_nobody', { account: address }, page(5))).toEqual({
      revision: -1,
      result: none,
    });
    expect(await queries.accounts('led_nobody', {}, page(5))).toEqual({ revision: -1, result: none });
    const foreignBooks = new BruteForceBooks(foreign.recorded);
    const { result } = await queries.balance('led_foreign', address);
    expect(result?.posted.debits).toBe(
      String(foreignBooks.totals(foreignBooks.statement(address, 'recorded')).postedDebits),
    );
  });

  it('refuses cursors that it has not given out', async () => {
    const given = (await queries.transactions(ledgerId, {}, page(1))).result.next_cursor ?? '';
    const cursors = [
      '',
      'x',
      'W10',
      `${given}=`,
      `${given}A`,
      Buffer.from('["accounts","1"]').toString('base64url'),
    ];
    for (const cursor of [...cursors, Buffer.from('["accounts",1e99]').toString('base64url')]) {
      await expect(queries.accounts(ledgerId, {}, page(5, cursor))).rejects.toThrow(InvalidCursor);
      await expect(queries.transactions(ledgerId, {}, page(5, cursor))).rejects.toThrow(InvalidCursor);
    }
    await expect(queries.accounts(ledgerId, {}, page(5, given))).rejects.toThrow(InvalidCursor);
    await expect(queries.transactions(ledgerId, { axis: 'effective' }, page(5, given))).rejects.toThrow(
      InvalidCursor,
    );
  });

  it('skips and repeats nothing while rows are being added', async () => {
    const growing = new JournalBuilder('led_growing');
    const cash = { address: 'cash', accountType: 'asset', currency: 'USD' } as const;
    growing.submit({ type: 'OpenAccount', ...cash }, iso(firstMs));
    growing.submit({ type: 'OpenAccount', ...cash, address: 'bank' }, iso(firstMs));
    const grow = async (count: number): Promise<void> => {
      const from = growing.recorded.length;
      for (let i = 0; i < count; i += 1) {
        const line = { amount: '1', currency: 'USD' };
        const entries = [
          { account: 'cash', direction: 'debit' as const, ...line },
          { account: 'bank', direction: 'credit' as const, ...line },
        ];
        const at = iso(firstMs + growing.recorded.length);
        const dated = i % 2 === 0 ? {} : { effectiveAt: iso(firstMs + growing.recorded.length - 30) };
        growing.submit({ type: 'PostTransaction', entries, ...dated }, at);
      }
      feed.push(...growing.recorded.slice(from === 2 ? 0 : from));
      expect(await queries.waitFor('led_growing', growing.recorded.length - 1, 5_000)).toBe(true);
    };
    await grow(50);
    const there = growing.recorded
      .slice(2)
      .map(({ data }) => (JSON.parse(data) as { transaction: { id: string } }).transaction.id);
    const lists: ((cursor?: string) => Promise<At<Page<{ id?: string; transaction?: string }> | null>>)[] = [
      (cursor) => queries.transactions('led_growing', {}, page(7, cursor)),
      (cursor) => queries.transactions('led_growing', { axis: 'effective' }, page(7, cursor)),
      (cursor) => queries.transactions('led_growing', { account: 'cash' }, page(7, cursor)),
      (cursor) => queries.accountEntries('led_growing', 'cash', {}, page(7, cursor)),
      (cursor) => queries.accountEntries('led_growing', 'bank', { axis: 'effective' }, page(7, cursor)),
    ];
    for (const list of lists) {
      const seen = await all(async (cursor) => {
        const one = await list(cursor);
        await grow(3);
        return one;
      });
      const ids = seen.map(({ id, transaction }) => id ?? transaction ?? '');
      expect(new Set(ids).size).toBe(ids.length);
      expect(there.filter((id) => !ids.includes(id))).toEqual([]);
    }
    expect(alarms).toEqual([]);
  }, 60_000);

  it('names the first reversals of a long transaction, and lists all of them', async () => {
    const reversed = new JournalBuilder('led_reversed');
    const line = (account: string, direction: 'debit' | 'credit', amount: string) =>
      ({ account, direction, amount, currency: 'USD' }) as const;
    for (const address of ['cash', 'bank'])
      reversed.submit({ type: 'OpenAccount', address, accountType: 'asset', currency: 'USD' }, iso(firstMs));
    const pair = (amount: string) => [line('cash', 'debit', amount), line('bank', 'credit', amount)];
    const entries = Array.from({ length: linesToldMax }, () => pair('9')).flat();
    reversed.submit({ type: 'PostTransaction', entries }, iso(firstMs));
    const id = 'txn_000000002_led_reversed';
    const count = reversalsNamedMax + 10;
    for (let i = 1; i <= count; i += 1) {
      const command = { type: 'ReverseTransaction', transactionId: id, entries: pair('1') } as const;
      reversed.submit(command, iso(firstMs + i));
    }
    // The transaction is in one batch, its reversals in others.
    for (const size of [3, 1, 7, count])
      feed.push(...reversed.recorded.slice(0, size + 3).slice(size === 3 ? 0 : 2));
    const head = reversed.recorded.length - 1;
    expect(await queries.waitFor('led_reversed', head, 20_000)).toBe(true);

    const { result } = await queries.transaction('led_reversed', id);
    const record = reversed.ledger.get(transactionKey(id));
    expect(result).toEqual(record?.kind === 'transaction' ? transactionView(record.snapshot) : null);
    expect(result?.reversed_by).toHaveLength(reversalsNamedMax);
    const stored = await db.query<{ named: number }>(
      'select jsonb_array_length(reversed_by::jsonb) as named from read.transactions where id = $1',
      [id],
    );
    expect(stored.rows).toEqual([{ named: reversalsNamedMax }]);
    const list = await all((cursor) =>
      queries.transactions('led_reversed', { reverses: id }, page(9, cursor)),
    );
    expect(list.map((each) => each.reverses)).toEqual(Array.from({ length: count }, () => id));
    expect(list.map((each) => each.recorded_at).at(0)).toBe(iso(firstMs + count));
    expect(alarms).toEqual([]);
  }, 60_000);

  function versionOf(address: string): number {
    const record = journal.ledger.get(`a:${address}`);
    return record?.kind === 'account' ? record.version : -1;
  }
});
