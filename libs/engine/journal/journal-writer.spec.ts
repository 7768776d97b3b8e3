import {
  AppendMisplaced,
  MemoryEventStore,
  OutcomeUnknown,
  revision as asRevision,
} from '@fintech-ledger/event-store';
import type { EventStore } from '@fintech-ledger/event-store';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import { CommandOutcomeUnknown, WriterUnavailable } from './gateway';
import { accepted, allEvents, codeOf, open, post, send, setUp } from '../../testing/ledger/ledger-writer';
import type { Writer } from '../../testing/ledger/ledger-writer';

describe('the journal writer', () => {
  it('answers with the stored transaction, its position and the balances after it', async () => {
    const { writer } = setUp();
    await writer.load();
    await send(writer, open('a'));
    await send(writer, open('b'));
    const { answer } = accepted(await send(writer, post('a', 'b', 5)));
    expect(answer).toMatchObject({
      object: 'transaction',
      status: 'posted',
      position: 'led_1@2',
      balances: {
        a: { available: '-5', posted: { debits: '5', credits: '0', balance: '-5' } },
        b: { available: '5' },
      },
    });
    await writer.close();
  });

  it('records no text that Postgres can not hold, and is read again', async () => {
    const { writer, store } = setUp();
    await writer.load();
    await send(writer, open('a'));
    await send(writer, open('b'));
    await send(writer, post('a', 'b', 5, { description: 'half \ud83d, none \0, whole \u{1f600}' }));
    const recorded = (await allEvents(store)).at(-1)?.data;
    expect(recorded).toContain('"half \ufffd, none \ufffd, whole \u{1f600}"');
    await writer.close();
    const again = setUp({ store });
    await again.writer.load();
    expect(codeOf(await send(again.writer, post('a', 'b', 5)))).toBe('accepted');
    await again.writer.close();
  });

  it('puts commands that arrive together into one append, and answers refusals only when what they rest on is stored', async () => {
    const { writer, store } = setUp();
    await writer.load();
    await Promise.all([send(writer, open('a', '-10')), send(writer, open('b'))]);
    const appends = jest.spyOn(store, 'append');
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => send(writer, post('a', 'b', 1))));
    expect(outcomes.map(codeOf).filter((code) => code === 'accepted')).toHaveLength(10);
    expect(outcomes.map(codeOf).filter((code) => code === 'insufficient_funds')).toHaveLength(10);
    expect(appends.mock.calls.length).toBeLessThanOrEqual(2);
    await writer.close();
  });

  describe('with caches of every size', () => {
    const sizes = Array.from({ length: 9 }, (_, i) => i + 2);
    const keyOf = (address: string) => ({ idempotencyKey: `open ${address}`, requestHash: 'h' });

    /** A writer whose accounts and keys the checkpoint has, for each size of its caches and each count. */
    async function eachFilled(check: (writer: Writer, addresses: readonly string[]) => Promise<void>) {
      for (const size of sizes)
        for (const count of sizes) {
          const { writer } = setUp({ cacheRecords: size, limits: { cacheKeys: size } });
          await writer.load();
          const addresses = Array.from({ length: count }, (_, i) => `a${i}`);
          for (const address of addresses) {
            expect(codeOf(await send(writer, open(address), keyOf(address)))).toBe('accepted');
            await writer.checkpoint();
          }
          await check(writer, addresses);
          await writer.close();
        }
    }

    it('finds the accounts of one command', () =>
      eachFilled(async (writer, addresses) => {
        const entry = { amount: '1', currency: 'USD' };
        const entries = addresses.flatMap((account) => [
          { ...entry, account, direction: 'debit' as const },
          { ...entry, account, direction: 'credit' as const },
        ]);
        expect(codeOf(await send(writer, { type: 'PostTransaction', entries }))).toBe('accepted');
      }));

    it('opens no account twice, of many at once', () =>
      eachFilled(async (writer, addresses) => {
        const opened = await Promise.all(addresses.map((address) => send(writer, open(address))));
        expect(new Set(opened.map(codeOf))).toEqual(new Set(['account_exists']));
      }));

    it('finds the keys of many commands at once', () =>
      eachFilled(async (writer, addresses) => {
        const again = addresses.map((address) => send(writer, open(address), keyOf(address)));
        for (const outcome of await Promise.all(again)) expect(accepted(outcome).replayed).toBe(true);
      }));
  });

  it('gives one key one effect and the same answer 50 times at once, later, and after a restart', async () => {
    const { writer, store, checkpoints } = setUp();
    await writer.load();
    await send(writer, open('a'));
    await send(writer, open('b'));
    const key = { idempotencyKey: 'k', requestHash: 'h' };
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => send(writer, post('a', 'b', 5), key)),
    );
    const [first] = outcomes.map(accepted);
    expect(new Set(outcomes.map((outcome) => accepted(outcome).text)).size).toBe(1);
    expect(outcomes.map(accepted).filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await allEvents(store)).toHaveLength(3);
    expect(accepted(await send(writer, post('a', 'b', 5), key)).text).toBe(first?.text);
    expect(codeOf(await send(writer, post('a', 'b', 6), { ...key, requestHash: 'i' }))).toBe(
      'idempotency_key_reused',
    );

    const replayedTail = setUp({ store });
    await replayedTail.writer.load();
    expect(accepted(await send(replayedTail.writer, post('a', 'b', 5), key))).toMatchObject({
      text: first?.text,
      replayed: true,
    });

    await writer.close();
    const fromCheckpoint = setUp({ store, checkpoints });
    await fromCheckpoint.writer.load();
    expect(accepted(await send(fromCheckpoint.writer, post('a', 'b', 5), key)).text).toBe(first?.text);
    expect(await allEvents(store)).toHaveLength(3);
  });

  it('burns no key with a refused command, and writes nothing in a dry run', async () => {
    const { writer, store } = setUp();
    await writer.load();
    await send(writer, open('a', '0'));
    await send(writer, open('b'));
    const key = { idempotencyKey: 'k', requestHash: 'h' };
    expect(codeOf(await send(writer, post('a', 'b', 5), key))).toBe('insufficient_funds');
    const dry = accepted(await send(writer, post('b', 'a', 5), { ...key, dryRun: true }));
    expect(dry.answer).toMatchObject({
      dry_run: true,
      position: 'led_1@1',
      balances: { a: { available: '5' } },
    });
    expect(await allEvents(store)).toHaveLength(2);
    await send(writer, post('b', 'a', 5));
    expect(codeOf(await send(writer, post('a', 'b', 5), key))).toBe('accepted');
    await writer.close();
  });

  it('replays a bulk that was not atomic with its refusals, as the first time', async () => {
    const { writer, store } = setUp();
    await writer.load();
    await send(writer, open('a', '-7'));
    await send(writer, open('b'));
    const bulk: LedgerCommand = {
      type: 'PostTransactions',
      atomic: false,
      transactions: [post('a', 'b', 5), post('a', 'b', 5), post('b', 'a', 4)] as never,
    };
    const key = { idempotencyKey: 'k', requestHash: 'h' };
    const first = accepted(await send(writer, bulk, key));
    expect(first.answer).toMatchObject({
      data: [
        { position: 'led_1@2' },
        { object: 'error', code: 'insufficient_funds', param: '/transactions/1/entries/0/account' },
        { position: 'led_1@3' },
      ],
    });
    await send(writer, post('b', 'a', 100));
    expect(accepted(await send(writer, bulk, key)).text).toBe(first.text);
    expect(await allEvents(store)).toHaveLength(5);
    await writer.close();
  });

  it('releases a hold at its time before the next command is judged, also when it was down then', async () => {
    let nowMs = Date.parse('2026-01-01T00:00:00.000Z');
    const { writer, store } = setUp({ nowMs: () => nowMs });
    await writer.load();
    await send(writer, open('a', '-10'));
    await send(writer, open('b'));
    const hold = { pending: true, expiresAt: '2026-01-01T00:01:00.000Z' };
    await send(writer, post('a', 'b', 10, hold));
    expect(codeOf(await send(writer, post('a', 'b', 1)))).toBe('insufficient_funds');
    nowMs += 59_999;
    expect(codeOf(await send(writer, post('a', 'b', 1)))).toBe('insufficient_funds');
    nowMs += 1;
    expect(codeOf(await send(writer, post('a', 'b', 10)))).toBe('accepted');
    expect((await allEvents(store)).map(({ type }) => type).slice(-2)).toEqual([
      'HoldExpired',
      'TransactionPosted',
    ]);

    await send(writer, post('b', 'a', 10, { pending: true, expiresAt: '2026-01-01T00:02:00.000Z' }));
    writer.stop(new Error('killed'));
    nowMs += 3_600_000;
    const next = setUp({ store, nowMs: () => nowMs });
    await next.writer.load();
    await send(next.writer, open('c'));
    const [expired] = (await allEvents(store)).slice(-2);
    expect(expired?.type).toBe('HoldExpired');
    expect(JSON.parse(expired?.metadata ?? '')).toMatchObject({ actor: 'system', organizationId: 'org_1' });
  });

  it('finds a cold posted transaction by the revision in its id', async () => {
    const { writer, store, checkpoints } = setUp();
    await writer.load();
    await send(writer, open('a'));
    await send(writer, open('b'));
    const { answer } = accepted(await send(writer, post('a', 'b', 5)));
    const transactionId = String(answer['id']);
    expect(codeOf(await send(writer, { type: 'ReverseTransaction', transactionId, amount: '2' }))).toBe(
      'accepted',
    );
    await writer.close();
    const next = setUp({ store, checkpoints });
    await next.writer.load();
    expect(codeOf(await send(next.writer, { type: 'ReverseTransaction', transactionId, amount: '4' }))).toBe(
      'reversal_exceeded',
    );
    expect(codeOf(await send(next.writer, { type: 'ReverseTransaction', transactionId, amount: '3' }))).toBe(
      'accepted',
    );
    expect(codeOf(await send(next.writer, { type: 'ReverseTransaction', transactionId }))).toBe(
      'already_reversed',
    );
    const foreign = `txn_${transactionId.slice(4, 22)}AAAAAAAA`;
    expect(codeOf(await send(next.writer, { type: 'VoidHold', transactionId: foreign }))).toBe(
      'transaction_not_found',
    );
  });

  it('does not acknowledge, nor call unwritten, what the store put elsewhere, and stops', async () => {
    const memory = new MemoryEventStore();
    const elsewhere: EventStore['append'] = async (...call) => {
      const result = await memory.append(...call);
      return { ...result, revision: asRevision(result.revision + 12) };
    };
    const store = Object.assign(Object.create(memory) as EventStore, { append: elsewhere });
    const { writer, stops } = setUp({ store });
    await writer.load();
    await expect(send(writer, open('a'))).rejects.toThrow(CommandOutcomeUnknown);
    expect(stops).toHaveLength(1);
    expect(stops[0]).toBeInstanceOf(AppendMisplaced);
    await expect(send(writer, open('b'))).rejects.toThrow(WriterUnavailable);
    expect(await allEvents(memory)).toHaveLength(1);
  });

  it.each([6, 8, 10, 12, 40])('decides a command that reads %i records with a cache of 10', async (size) => {
    const { writer, stops } = setUp({ cacheRecords: 10 });
    await writer.load();
    for (let i = 0; i < 60; i += 1) await send(writer, open(`acc:${i}`));
    await writer.checkpoint();
    for (let round = 0; round < 20; round += 1) {
      const entries = Array.from({ length: size }, (_, i) => ({
        account: `acc:${(i * (1 + (round % 3)) + round) % 60}`,
        direction: i % 2 ? ('credit' as const) : ('debit' as const),
        amount: '1',
        currency: 'USD',
      }));
      for (const again of [entries, entries.toReversed()]) {
        expect(codeOf(await send(writer, { type: 'PostTransaction', entries: again }))).toBe('accepted');
        await writer.checkpoint();
      }
    }
    expect(stops).toEqual([]);
    await writer.close();
  });

  it('says that the outcome is unknown when it stays so, and stops', async () => {
    const store = new MemoryEventStore();
    const { writer } = setUp({ store, limits: { appendPatienceMs: 20 } });
    await writer.load();
    await send(writer, open('a'));
    jest.spyOn(store, 'append').mockRejectedValue(new OutcomeUnknown('gone'));
    await expect(send(writer, open('b'))).rejects.toThrow(CommandOutcomeUnknown);
    expect(writer.isStopped).toBe(true);
  });
});

it('stops when its own state is broken, and says of what was stored that it may be', async () => {
  const store = new MemoryEventStore();
  const { writer, stops } = setUp({ store });
  await writer.load();
  const { position } = writer as unknown as { readonly position: { confirmed: object } };
  const opened = send(writer, open('users:1'));
  position.confirmed = { revision: 7, chainHash: 'of another stream' };
  await expect(opened).rejects.toThrow(CommandOutcomeUnknown);
  expect(stops).toEqual([expect.objectContaining({ name: 'BrokenInvariant' })]);
  await expect(send(writer, open('users:2'))).rejects.toThrow(WriterUnavailable);
});
