import { startEventStoreDbServer } from '@fintech-ledger/testing';
import type { EventStoreDbServer } from '@fintech-ledger/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshStream, someEvents, take } from '../../contract/contract-subject';
import {
  AppendTooLarge,
  globalPosition,
  OutcomeUnknown,
  PositionUnknown,
  revision,
  StoreUnavailable,
  StreamGone,
  StreamTruncated,
  WrongExpectedRevision,
} from '../../port';
import type { RecordedEvent } from '../../port';
import { EventStoreDbEventStore } from './eventstoredb-event-store';

let server: EventStoreDbServer;
let store: EventStoreDbEventStore;
const lost: string[] = [];

beforeEach(async () => {
  server = await startEventStoreDbServer();
  lost.length = 0;
  store = new EventStoreDbEventStore({
    url: server.url,
    appendTimeoutMs: 1_200,
    readTimeoutMs: 2_000,
    onSubscriptionLost: (error) => lost.push(error.message),
  });
});

afterEach(async () => {
  await store.close();
  await server.close();
});

const countOf = async (stream: string): Promise<number> =>
  (await store.readStream(stream, { limit: 100 })).length;

/** Like a writer: the same events at the same revision until it is known what became of them. */
async function appendUntilKnown(stream: string, at: number, events = someEvents(2)) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await store.append(stream, at < 0 ? 'no_stream' : revision(at), events);
    } catch (error) {
      const mayRetry = error instanceof OutcomeUnknown || error instanceof StoreUnavailable;
      if (!mayRetry || attempt === 100) throw error;
      await sleep(10);
    }
  }
}

/** The revisions of the next events, in however many batches they come. */
async function nextRevisions(
  batches: AsyncIterator<readonly RecordedEvent[]>,
  count: number,
): Promise<number[]> {
  const revisions: number[] = [];
  while (revisions.length < count) {
    const { value = [] } = (await batches.next()) as { value?: readonly RecordedEvent[] };
    revisions.push(...value.map((event) => event.revision));
  }
  return revisions;
}

describe('an append whose answer does not come', () => {
  it.each([
    ['drop_reply', true],
    ['crash_after_commit', true],
    ['timeout', true],
    ['crash_before_commit', false],
    ['unavailable', false],
  ] as const)(
    '%s: is unknown, and sent again is stored once (was it stored before: %s)',
    async (fault, wasStored) => {
      const stream = freshStream();
      const events = someEvents(3);
      await store.append(stream, 'no_stream', someEvents(1));
      server.faults.inject(fault);
      await expect(store.append(stream, revision(0), events)).rejects.toThrow(OutcomeUnknown);
      expect(await appendUntilKnown(stream, 0, events)).toEqual({ revision: 3, repeated: wasStored });
      expect(await countOf(stream)).toBe(4);
    },
  );

  it('is found to be stored by another process too', async () => {
    const stream = freshStream();
    const events = someEvents(3);
    server.faults.inject('drop_reply');
    await expect(store.append(stream, 'no_stream', events)).rejects.toThrow(OutcomeUnknown);
    const successor = new EventStoreDbEventStore({ url: server.url });
    expect(await successor.append(stream, 'no_stream', events)).toEqual({ revision: 2, repeated: true });
    await successor.close();
  });

  it('is a conflict when others went on meanwhile', async () => {
    const stream = freshStream();
    const events = someEvents(2);
    server.faults.inject('crash_before_commit');
    await expect(store.append(stream, 'no_stream', events)).rejects.toThrow(OutcomeUnknown);
    expect(await appendUntilKnown(stream, -1)).toEqual({ revision: 1, repeated: false });
    await expect(store.append(stream, 'no_stream', events)).rejects.toThrow(WrongExpectedRevision);
  });

  it('does not hold up the appends after it, and its late answer harms nobody', async () => {
    server.faults.delayMs = 1_800;
    const before = server.log.records.length;
    const slow = store.append(freshStream(), 'no_stream', someEvents(1)).catch((error: unknown) => error);
    while (server.log.records.length === before) await sleep(5);
    server.faults.delayMs = 0;
    const stream = freshStream();
    expect(await store.append(stream, 'no_stream', someEvents(1))).toMatchObject({ revision: 0 });
    expect(await slow).toBeInstanceOf(OutcomeUnknown);
    await sleep(800);
    expect(await store.append(stream, revision(0), someEvents(1))).toMatchObject({ revision: 1 });
  });
});

describe('two clocks', () => {
  it.each([5_000, 3_600_000, -3_600_000])(
    'that differ (the server’s is %i ms ahead) are nothing to an append',
    async (ahead) => {
      server.clockAheadMs = ahead;
      const stream = freshStream();
      for (let at = -1; at < 20; at += 1) {
        const expected = at < 0 ? 'no_stream' : revision(at);
        expect(await store.append(stream, expected, someEvents(1))).toEqual({
          revision: at + 1,
          repeated: false,
        });
      }
    },
  );
});

describe('an append that was certainly not taken', () => {
  it('because the server is not ready', async () => {
    const stream = freshStream();
    server.faults.inject('not_ready');
    await expect(store.append(stream, 'no_stream', someEvents(1))).rejects.toThrow(StoreUnavailable);
    expect(await store.append(stream, 'no_stream', someEvents(1))).toMatchObject({ repeated: false });
  });

  it('because nothing listens, and it works when the server is back', async () => {
    const stream = freshStream();
    server.down();
    await expect(store.append(stream, 'no_stream', someEvents(1))).rejects.toThrow(StoreUnavailable);
    await expect(store.append(stream, 'any', someEvents(1))).rejects.toThrow(
      /nothing listens at 127.0.0.1:\d+/,
    );
    await expect(store.readStream(stream, { limit: 1 })).rejects.toThrow(StoreUnavailable);
    await server.up();
    expect(await appendUntilKnown(stream, -1)).toEqual({ revision: 1, repeated: false });
  });

  it('because it is larger than the server takes, whose limit is less than we were told', async () => {
    const small = await startEventStoreDbServer({ appendBytesMax: 1_000 });
    const client = new EventStoreDbEventStore({ url: small.url });
    const [event] = someEvents(1);
    if (!event) throw new Error('one event');
    const stream = freshStream();
    const large = [{ ...event, data: JSON.stringify('x'.repeat(1_000)) }];
    await expect(client.append(stream, 'no_stream', large)).rejects.toThrow(AppendTooLarge);
    expect(await client.readStream(stream, { limit: 1 })).toEqual([]);
    await client.close();
    await small.close();
  });

  it('only beyond what it was told that the server takes, in as many messages as that is', async () => {
    const large = await startEventStoreDbServer({ appendBytesMax: 16_000_000 });
    // How long 14 MB take depends on what else the machine does.
    const more = { appendTimeoutMs: 20_000, serverAppendBytesMax: 16_000_000 };
    const client = new EventStoreDbEventStore({ url: large.url, ...more });
    const stream = freshStream();
    const data = JSON.stringify('é'.repeat(500));
    const many = someEvents(12_000).map((event) => ({ ...event, data }));
    expect(await client.append(stream, 'no_stream', many)).toMatchObject({ revision: 11_999 });
    expect(await client.append(stream, 'no_stream', many)).toMatchObject({
      revision: 11_999,
      repeated: true,
    });
    expect(await client.append(stream, 'any', many)).toMatchObject({ revision: 11_999, repeated: true });
    const one = someEvents(6).map((event) => ({ ...event, data: JSON.stringify('x'.repeat(2_900_000)) }));
    await expect(client.append(stream, revision(11_999), one)).rejects.toThrow(AppendTooLarge);
    expect(await client.append(stream, revision(11_999), one.slice(1))).toMatchObject({ revision: 12_004 });
    const [last] = await client.readStream(stream, { limit: 1, direction: 'backwards' });
    expect(last?.data).toHaveLength(2_900_002);
    await client.close();
    await large.close();
  });

  it('because its types would take more than their share', async () => {
    const events = someEvents(700).map((event) => ({ ...event, type: 'T'.repeat(100) }));
    await expect(store.append(freshStream(), 'no_stream', events)).rejects.toThrow(AppendTooLarge);
  });
});

describe('a subscription', () => {
  it.each(['drop', 'restart', 'crash'] as const)('goes on where it was after a %s', async (how) => {
    const stream = freshStream();
    await appendUntilKnown(stream, -1, someEvents(5));
    const batches = store.subscribe({ streamPrefixes: [stream] })[Symbol.asyncIterator]();
    expect(await nextRevisions(batches, 5)).toEqual([0, 1, 2, 3, 4]);
    if (how === 'drop') server.dropSubscriptions();
    if (how === 'restart') await server.restart();
    if (how === 'crash') server.faults.inject('crash_after_commit');
    const next = nextRevisions(batches, 3);
    await appendUntilKnown(stream, 4, someEvents(3));
    expect(await next).toEqual([5, 6, 7]);
    await batches.return?.();
  });

  it.each(['slow_consumer', 'unavailable', 'silence'] as const)(
    'is opened again after: %s',
    async (fault) => {
      const impatient = new EventStoreDbEventStore({ url: server.url, readTimeoutMs: 200 });
      const stream = freshStream();
      await store.append(stream, 'no_stream', someEvents(6));
      server.faults.inject(fault, 2);
      const taken = await take(impatient.subscribe({ streamPrefixes: [stream] }), 6);
      expect(taken.map((event) => event.revision)).toEqual([0, 1, 2, 3, 4, 5]);
      await impatient.close();
    },
  );

  it('passes over what the server repeats after a reconnect', async () => {
    const stream = freshStream();
    await store.append(stream, 'no_stream', someEvents(5));
    const batches = store.subscribe({ streamPrefixes: [stream] })[Symbol.asyncIterator]();
    expect(await nextRevisions(batches, 5)).toEqual([0, 1, 2, 3, 4]);
    server.faults.inject('duplicate');
    server.dropSubscriptions();
    const next = batches.next();
    await store.append(stream, revision(4), someEvents(1));
    expect((await next).value).toMatchObject([{ revision: 5 }]);
    expect(lost).toEqual([]);
    await batches.return?.();
  });

  it('stays where it is for as long as its node answers, however quiet the log is', async () => {
    const patient = new EventStoreDbEventStore({
      url: server.url,
      silenceMs: 10,
      onSubscriptionLost: (error) => lost.push(error.message),
    });
    const stream = freshStream();
    await store.append(stream, 'no_stream', someEvents(1));
    const batches = patient.subscribe({ streamPrefixes: [stream] })[Symbol.asyncIterator]();
    expect(await nextRevisions(batches, 1)).toEqual([0]);
    const asked = server.featureReads;
    while (server.featureReads < asked + 5) await sleep(5);
    const next = batches.next();
    await store.append(stream, revision(0), someEvents(1));
    expect((await next).value).toMatchObject([{ revision: 1 }]);
    expect(lost).toEqual([]);
    await batches.return?.();
    await patient.close();
  });

  it('keeps the server waiting while its consumer is slow, and loses nothing', async () => {
    const stream = freshStream();
    const data = JSON.stringify('x'.repeat(8_000));
    for (let at = -1; at < 1_999; at += 100) {
      const events = someEvents(100).map((event) => ({ ...event, data }));
      await store.append(stream, at < 0 ? 'no_stream' : revision(at), events);
    }
    const seen: number[] = [];
    for await (const batch of store.subscribe({ streamPrefixes: [stream], batchEventsMax: 100 })) {
      if (seen.length < 500) await sleep(20);
      seen.push(...batch.map((event) => event.revision));
      if (seen.length >= 2_000) break;
    }
    expect(seen).toEqual(Array.from({ length: 2_000 }, (_, index) => index));
  });

  it('remembers how far it is where nothing of its own was, from the server’s checkpoints', async () => {
    const stream = freshStream();
    const others = freshStream('other-');
    await store.append(stream, 'no_stream', someEvents(1));
    const batches = store.subscribe({ streamPrefixes: [stream] })[Symbol.asyncIterator]();
    await batches.next();
    for (let at = -1; at < 9_000; at += 500) {
      await store.append(others, at < 0 ? 'no_stream' : revision(at), someEvents(500));
    }
    await sleep(100);
    server.dropSubscriptions();
    const next = batches.next();
    await store.append(stream, revision(0), someEvents(1));
    expect((await next).value).toMatchObject([{ revision: 1 }]);
    await batches.return?.();
  });

  it('leaves nothing behind on the server when it is left', async () => {
    const stream = freshStream();
    await store.append(stream, 'no_stream', someEvents(1));
    for (let round = 0; round < 5; round += 1) await take(store.subscribe({ streamPrefixes: [stream] }), 1);
    await sleep(100);
    expect(server.subscriptionCount).toBe(0);
  });

  it('says that a position is not of this store', async () => {
    const stream = freshStream();
    await store.append(stream, 'no_stream', someEvents(1));
    for (const position of ['17', '99999999:99999999', '5:5', 'x:y', '']) {
      const batches = store.subscribe({ streamPrefixes: [stream], after: globalPosition(position) });
      await expect(batches[Symbol.asyncIterator]().next()).rejects.toThrow(PositionUnknown);
    }
  });

  it.each(['23.10', '24'] as const)('says so of an offset at which no event begins (%s)', async (version) => {
    const other = await startEventStoreDbServer({ version });
    const client = new EventStoreDbEventStore({ url: other.url });
    const stream = freshStream();
    await client.append(stream, 'no_stream', someEvents(3));
    const [first] = await client.readStream(stream, { limit: 1 });
    const inside = String(Number(first?.position.split(':')[0]) + 1);
    const after = globalPosition(`${inside}:${inside}`);
    const batches = client.subscribe({ streamPrefixes: [stream], after })[Symbol.asyncIterator]();
    const next = batches.next();
    await expect(next).rejects.toThrow(PositionUnknown);
    await expect(next).rejects.toThrow(/another store, or an older backup.*ledgerctl recover/);
    await client.close();
    await other.close();
  });

  it('says so too when the store is replaced by an older one while it follows', async () => {
    const stream = freshStream();
    await store.append(stream, 'no_stream', someEvents(20));
    const batches = store.subscribe({ streamPrefixes: [stream] })[Symbol.asyncIterator]();
    expect(await nextRevisions(batches, 20)).toHaveLength(20);
    server.down();
    server.log.goBack(5);
    await server.up();
    await expect(batches.next()).rejects.toThrow(PositionUnknown);
  });

  it('returns nothing of the server’s own, not even the end of a stream', async () => {
    const [gone, kept] = [freshStream('journal-a'), freshStream('journal-a')];
    await store.append(gone, 'no_stream', someEvents(2));
    const batches = store.subscribe({ streamPrefixes: ['journal-a'] })[Symbol.asyncIterator]();
    expect(await nextRevisions(batches, 2)).toEqual([0, 1]);
    server.log.delete(gone, 'any', true);
    expect(server.log.records.at(-1)).toMatchObject({ stream: gone, type: '$streamDeleted' });
    await store.append(kept, 'no_stream', someEvents(1));
    expect((await batches.next()).value).toMatchObject([{ stream: kept, revision: 0 }]);
    await batches.return?.();
  });

  it('tells whoever wants to know that it was lost', async () => {
    server.down();
    const subscription = store.subscribe({ streamPrefixes: [''] });
    const next = subscription[Symbol.asyncIterator]().next();
    await sleep(100);
    expect(lost[0]).toMatch(/nothing listens/);
    await subscription.close();
    expect((await next).done).toBe(true);
  });
});

describe('a stream that was deleted', () => {
  it('for good refuses everything with its name', async () => {
    const stream = freshStream();
    await store.append(stream, 'no_stream', someEvents(1));
    server.log.delete(stream, 'any', true);
    await expect(store.append(stream, revision(0), someEvents(1))).rejects.toThrow(StreamGone);
    await expect(store.readStream(stream, { limit: 1 })).rejects.toThrow(StreamGone);
    await expect(store.readStream(stream, { limit: 1 })).rejects.toMatchObject({ stream });
  });
});

describe('a stream that lost its beginning', () => {
  it('is never returned as if it were whole', async () => {
    for (const metadata of [{ $tb: 3 }, { $maxCount: 2 }]) {
      const stream = freshStream();
      await store.append(stream, 'no_stream', someEvents(5));
      server.log.describe(stream, metadata);
      const lost = { stream, next: 3 };
      await expect(store.readStream(stream, { limit: 10 })).rejects.toMatchObject(lost);
      await expect(store.readStream(stream, { limit: 1, from: revision(2) })).rejects.toMatchObject(lost);
      const backwards = store.readStream(stream, { limit: 10, direction: 'backwards' });
      await expect(backwards).rejects.toThrow(StreamTruncated);
      expect(await store.readStream(stream, { limit: 10, from: revision(3) })).toHaveLength(2);
      expect(await store.readStream(stream, { limit: 2, direction: 'backwards' })).toHaveLength(2);
    }
  });

  it('is none that is empty when all of it is gone', async () => {
    const stream = freshStream();
    await store.append(stream, 'no_stream', someEvents(2));
    server.log.describe(stream, { $maxAge: 1 });
    server.clockAheadMs = 60_000;
    await expect(store.readStream(stream, { limit: 10 })).rejects.toThrow(StreamTruncated);
  });

  it('because it was deleted and begins again behind its old end is not taken for a new one', async () => {
    const stream = freshStream();
    await store.append(stream, 'no_stream', someEvents(12));
    server.log.delete(stream, 'any', false);
    await expect(store.readStream(stream, { limit: 10 })).rejects.toThrow(StreamGone);
    await expect(store.readStream(stream, { limit: 1, from: revision(12) })).rejects.toThrow(StreamGone);
    // It is taken, and put elsewhere: whoever appends must compare.
    expect(await store.append(stream, 'no_stream', someEvents(1))).toMatchObject({ revision: 12 });
    await expect(store.readStream(stream, { limit: 10 })).rejects.toMatchObject({ stream, next: 12 });
  });
});
