import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore, StoreUnavailable } from '@fintech-ledger/event-store';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, open, post, send, setUp, stream } from '../../testing/ledger/ledger-writer';
import { NotOwner, WriterUnavailable } from './gateway';

const keyed = { idempotencyKey: 'k', requestHash: 'h' };

/** Two writers of one ledger, of which the first does not know what the second has written. */
async function twoWriters(isKnown = false) {
  const store = new MemoryEventStore();
  const lease = { isKnown };
  const ownership = { holds: () => lease.isKnown, confirms: async () => lease.isKnown };
  const late = setUp({ store, ownership });
  await late.writer.load();
  await send(late.writer, open('cash', '0'));
  await send(late.writer, open('sales'));
  const owner = setUp({ store, checkpoints: new MemoryCheckpointStore() });
  await owner.writer.load();
  const fund = (): Promise<unknown> => send(owner.writer, post('sales', 'cash', 5));
  return { store, lease, late: late.writer, stops: late.stops, owner: owner.writer, fund };
}

describe('what a writer answers without an append', () => {
  it('is what the owner would answer, also where another process owns the ledger by now', async () => {
    const { late, fund } = await twoWriters();
    expect(codeOf(await send(late, post('cash', 'sales', 5), { dryRun: true }))).toBe('insufficient_funds');
    await fund();
    expect(codeOf(await send(late, post('cash', 'sales', 5), { dryRun: true }))).toBe('accepted');
    await fund();
    expect(codeOf(await send(late, post('cash', 'sales', 10), keyed))).toBe('accepted');
    await fund();
    expect(codeOf(await send(late, post('cash', 'sales', 6), { dryRun: true }))).toBe('insufficient_funds');
    await late.close();
  });

  it('asks nobody while it is known that the ledger is ours', async () => {
    const { store, late } = await twoWriters(true);
    const [read, append] = [jest.spyOn(store, 'readStream'), jest.spyOn(store, 'append')];
    expect(codeOf(await send(late, post('cash', 'sales', 5), keyed))).toBe('insufficient_funds');
    expect(codeOf(await send(late, post('sales', 'cash', 5), { dryRun: true }))).toBe('accepted');
    expect([read.mock.calls.length, append.mock.calls.length]).toEqual([0, 0]);
    await late.close();
  });

  it('does not rest on a state that a late append of a former owner may follow', async () => {
    const { store, owner } = await twoWriters();
    const ownership = { holds: () => true, confirms: async () => true };
    const next = setUp({ store, checkpoints: new MemoryCheckpointStore(), ownership }).writer;
    await next.load();
    expect(codeOf(await send(next, post('cash', 'sales', 5)))).toBe('insufficient_funds');
    await send(owner, post('sales', 'cash', 5));
    expect(codeOf(await send(next, post('cash', 'sales', 5)))).toBe('accepted');
    // From here on what is late fails.
    const read = jest.spyOn(store, 'readStream');
    expect(codeOf(await send(next, post('cash', 'sales', 5)))).toBe('insufficient_funds');
    expect(read).not.toHaveBeenCalled();
    await next.close();
  });

  it('asks once for all that is answered in a turn, and not at all where something is appended', async () => {
    const { store, late } = await twoWriters();
    const [read, append] = [jest.spyOn(store, 'readStream'), jest.spyOn(store, 'append')];
    const refused = await Promise.all(Array.from({ length: 50 }, () => send(late, post('cash', 'sales', 5))));
    expect(new Set(refused.map(codeOf))).toEqual(new Set(['insufficient_funds']));
    expect([read.mock.calls.length, append.mock.calls.length]).toEqual([1, 0]);
    const mixed = await Promise.all([
      send(late, post('cash', 'sales', 5)),
      send(late, post('sales', 'cash', 1)),
      send(late, post('cash', 'sales', 5)),
    ]);
    expect(mixed.map(codeOf)).toEqual(['insufficient_funds', 'accepted', 'insufficient_funds']);
    expect([read.mock.calls.length, append.mock.calls.length]).toEqual([1, 1]);
    await late.close();
  });

  it('does not rest on an append that was stored before the command came', async () => {
    const { store, late, owner } = await twoWriters();
    const append = store.append.bind(store);
    let answer = (): void => undefined;
    const isAnswered = new Promise<void>((resolve) => (answer = resolve));
    let stored = (): void => undefined;
    const isStored = new Promise<void>((resolve) => (stored = resolve));
    jest.spyOn(store, 'append').mockImplementationOnce(async (...call) => {
      const result = await append(...call);
      stored();
      await isAnswered;
      return result;
    });
    const first = send(late, open('other'));
    await isStored;
    // A conflict, and decided again on what the other one has stored.
    await send(owner, post('sales', 'cash', 5));
    const second = send(late, post('cash', 'sales', 5));
    await sleep(5);
    answer();
    expect([codeOf(await first), codeOf(await second)]).toEqual(['accepted', 'accepted']);
    await late.close();
  });

  it('waits for a store that is unavailable for a moment, and is told to try again when the writer ends', async () => {
    const { store, late } = await twoWriters();
    const read = jest.spyOn(store, 'readStream');
    read.mockRejectedValueOnce(new StoreUnavailable('a new leader'));
    expect(codeOf(await send(late, post('cash', 'sales', 5)))).toBe('insufficient_funds');
    expect(read).toHaveBeenCalledTimes(2);
    read.mockReturnValue(new Promise(() => undefined));
    const refused = send(late, post('cash', 'sales', 5));
    await sleep(5);
    const waiting = [refused, send(late, open('other'), keyed)];
    await sleep(5);
    late.stop(new Error('the process ends'));
    for (const one of waiting) await expect(one).rejects.toThrow(WriterUnavailable);
  });

  it('says of what is due only what the owner says', async () => {
    const { late, lease } = await twoWriters();
    const due = { until: '2999-01-01T00:00:00.000Z', recordsMax: 1 };
    const ask = () =>
      late.submit({
        stream,
        organizationId: 'org_1',
        actor: 'system',
        correlationId: 'c',
        command: null as never,
        due,
      });
    await expect(ask()).rejects.toThrow(WriterUnavailable);
    lease.isKnown = true;
    expect(codeOf(await ask())).toBe('accepted');
    await late.close();
  });
});

describe('a writer whose ledger another process has taken', () => {
  it('ends, and sees through what is on its way to the store', async () => {
    const { store, late, stops } = await twoWriters(true);
    const append = store.append.bind(store);
    let pass = (): void => undefined;
    const mayPass = new Promise<void>((resolve) => (pass = resolve));
    jest.spyOn(store, 'append').mockImplementationOnce(async (...call) => {
      await mayPass;
      return append(...call);
    });
    const first = send(late, open('other'));
    await sleep(5);
    const behind = send(late, open('another'));
    await sleep(5);
    late.leave(new NotOwner(stream));
    await expect(behind).rejects.toThrow(NotOwner);
    await expect(send(late, open('third'))).rejects.toThrow(NotOwner);
    pass();
    expect(codeOf(await first)).toBe('accepted');
    expect(stops).toEqual([new NotOwner(stream)]);
  });
});
