import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { ledgerDomain } from '@fintech-ledger/ledger';
import type { LedgerCommand, LedgerEvent, LedgerRecord } from '@fintech-ledger/ledger/domain';
import { WriterUnavailable } from './gateway';
import type { CommandOutcome } from './gateway';
import { JournalWriter } from './journal-writer';
import { silentObserver } from './observer';
import { WriterMemory } from './writer-memory';

const bytesMax = 200_000;

async function writerOf(memory: WriterMemory, ledger: string, store = new MemoryEventStore()) {
  const stream = `journal-${ledger}`;
  const clock = { aheadMs: 0 };
  const add = jest.spyOn(memory, 'add');
  const writer = new JournalWriter<LedgerCommand, LedgerEvent, LedgerRecord>(
    stream,
    {
      domain: ledgerDomain,
      eventStore: store,
      checkpoints: new MemoryCheckpointStore(),
      clock: { nowMs: () => Date.now() + clock.aheadMs },
      observer: silentObserver,
      newCommandId: () => crypto.randomUUID(),
      memory,
    },
    { cacheRecords: 100_000 },
  );
  const holder = add.mock.calls.at(-1)?.[0];
  add.mockRestore();
  await writer.load();
  const send = (command: LedgerCommand): Promise<CommandOutcome | Error> =>
    writer
      .submit({ stream, organizationId: 'org_1', actor: 'key_1', correlationId: 'c', command })
      .catch((error: unknown) => error as Error);
  const open = (address: string, metadata = {}) =>
    send({ type: 'OpenAccount', address, accountType: 'liability', currency: 'USD', metadata });
  const post = (from: string, to: string, terms = {}) => {
    const entry = (account: string, direction: 'debit' | 'credit') =>
      ({ account, direction, amount: '1', currency: 'USD' }) as const;
    return send({ type: 'PostTransaction', entries: [entry(from, 'debit'), entry(to, 'credit')], ...terms });
  };
  const cached = (): number => (holder?.held().cached ?? 0) + (holder?.held().due ?? 0);
  return { writer, store, open, post, cached, clock };
}

describe('writers that share their memory', () => {
  it('keep within it together, and know afterwards what they knew before', async () => {
    const memory = new WriterMemory(bytesMax);
    const writers = await Promise.all(Array.from({ length: 40 }, (_, i) => writerOf(memory, `led_${i}`)));
    for (const { writer, open } of writers) {
      await Promise.all(Array.from({ length: 30 }, (_, i) => open(`a${i}`)));
      await writer.checkpoint();
      memory.look();
      const together = writers.reduce((sum, { cached }) => sum + cached(), 0);
      expect(together).toBeLessThanOrEqual(bytesMax);
    }
    // Those that were used first have let go their accounts, and look them up again.
    expect(writers[0]?.cached()).toBe(0);
    expect(writers.at(-1)?.cached()).toBeGreaterThan(0);
    for (const { open, post } of writers) {
      expect(await post('a0', 'a29')).toMatchObject({ kind: 'accepted' });
      expect(await post('a0', 'nobody')).toMatchObject({ refusal: { code: 'unknown_account' } });
      expect(await open('a7')).toMatchObject({ refusal: { code: 'account_exists' } });
    }
    for (const { writer } of writers) await writer.close();
  });

  it('end holds that they let go', async () => {
    const roomy = new WriterMemory(bytesMax);
    const store = new MemoryEventStore();
    const again = await writerOf(roomy, 'led_1', store);
    for (const address of ['a', 'b']) expect(await again.open(address)).toMatchObject({ kind: 'accepted' });
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const holds = Array.from({ length: 150 }, () => again.post('a', 'b', { pending: true, expiresAt }));
    for (const outcome of await Promise.all(holds)) expect(outcome).toMatchObject({ kind: 'accepted' });
    await again.writer.checkpoint();
    roomy.queue(bytesMax);
    roomy.look();
    roomy.queue(-bytesMax);
    again.clock.aheadMs = 3_600_000;
    expect(await again.open('c')).toMatchObject({ kind: 'accepted' });
    let ended = 0;
    while (ended < 150) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const events = await store.readStream('journal-led_1', { limit: 1_000 });
      ended = events.filter(({ type }) => type === 'HoldExpired').length;
    }
    expect(ended).toBe(150);
    await again.writer.close();
  });

  it('take commands by their size: large ones are refused when there is no room, and nothing of them is booked', async () => {
    const memory = new WriterMemory(bytesMax);
    const { writer, store, open } = await writerOf(memory, 'led_1');
    const append = store.append.bind(store);
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    jest.spyOn(store, 'append').mockImplementation(async (...call) => {
      await released;
      return append(...call);
    });
    const metadata = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, 'x'.repeat(400)]));
    const many = Array.from({ length: 100 }, (_, i) => open(`a${i}`, metadata));
    const refused = Promise.all(many).then((all) => all.filter((one) => one instanceof WriterUnavailable));
    await new Promise((resolve) => setImmediate(resolve));
    release();
    const count = (await refused).length;
    expect(count).toBeGreaterThan(50);
    expect(count).toBeLessThan(100);
    expect(await store.readStream('journal-led_1', { limit: 1_000 })).toHaveLength(100 - count);
    memory.look();
    expect(await open('later')).toMatchObject({ kind: 'accepted' });
    await writer.close();
  });
});
