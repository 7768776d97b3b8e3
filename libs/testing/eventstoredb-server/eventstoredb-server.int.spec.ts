import {
  AccessDeniedError,
  END,
  ErrorType,
  EventStoreDBClient,
  jsonEvent,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  streamNameFilter,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import type { ResolvedEvent } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDbServer } from './eventstoredb-server';

// Through the client's own functions, which know nothing of how we read and write.
let server: EventStoreDbServer;
let client: EventStoreDBClient;

beforeAll(async () => {
  server = await EventStoreDbServer.start();
  client = EventStoreDBClient.connectionString(server.url);
});

afterAll(async () => {
  await client.dispose();
  await server.close();
});

afterEach(() => {
  server.clockAheadMs = 0;
});

const newStream = (): string => `stream-${randomUUID()}`;
const events = (count: number) =>
  Array.from({ length: count }, (_, number) =>
    jsonEvent({ type: 'Counted', data: { number }, metadata: { $correlationId: 'c' } }),
  );

async function all(read: AsyncIterable<ResolvedEvent>): Promise<NonNullable<ResolvedEvent['event']>[]> {
  const found: NonNullable<ResolvedEvent['event']>[] = [];
  for await (const { event } of read) if (event) found.push(event);
  return found;
}

describe('the wire-level EventStoreDB', () => {
  it('appends and reads through the client, with times and positions that have gaps', async () => {
    const stream = newStream();
    const result = await client.appendToStream(stream, events(5), { expectedRevision: 'no_stream' });
    expect(result).toMatchObject({ success: true, nextExpectedRevision: 4n });
    const read = await all(client.readStream(stream));
    expect(read.map(({ data }) => data)).toEqual([0, 1, 2, 3, 4].map((number) => ({ number })));
    expect(read[0]).toMatchObject({ type: 'Counted', isJson: true, metadata: { $correlationId: 'c' } });
    expect(Math.abs(Date.now() - Number(read[0]?.created))).toBeLessThan(60_000);
    const positions = read.map(({ position }) => position?.commit ?? 0n);
    expect(result.position?.commit).toBe(positions[4]);
    for (let at = 1; at < 5; at += 1) {
      expect((positions[at] ?? 0n) - (positions[at - 1] ?? 0n)).toBeGreaterThan(1n);
    }
    const backwards = await all(
      client.readStream(stream, { direction: 'backwards', fromRevision: END, maxCount: 2 }),
    );
    expect(backwards.map(({ revision }) => revision)).toEqual([4n, 3n]);
  });

  it('reads all streams in one order, forwards and backwards', async () => {
    await client.appendToStream(newStream(), events(3));
    const forwards = await all(client.readAll());
    const backwards = await all(
      client.readAll({ direction: 'backwards', fromPosition: END, maxCount: 10_000 }),
    );
    expect(backwards.reverse().map(({ id }) => id)).toEqual(forwards.map(({ id }) => id));
    expect(forwards[0]?.streamId).toBe('$users');
    const second = forwards[1];
    if (!second?.position) throw new Error('a position');
    const [same] = await all(client.readAll({ fromPosition: second.position, maxCount: 1 }));
    expect(same?.id).toBe(second.id);
  });

  it('answers the same ids again as success, and others as a conflict with the actual revision', async () => {
    const stream = newStream();
    const [first, second] = [events(2), events(1)];
    await client.appendToStream(stream, first, { expectedRevision: 'no_stream' });
    await client.appendToStream(stream, second, { expectedRevision: 1n });
    const again = await client.appendToStream(stream, first, { expectedRevision: 'no_stream' });
    expect(again.nextExpectedRevision).toBe(1n);
    const conflict = client.appendToStream(stream, events(1), { expectedRevision: 'no_stream' });
    await expect(conflict).rejects.toThrow(WrongExpectedVersionError);
    await expect(conflict).rejects.toMatchObject({ actualVersion: 2n });
    // As the real server: known ids in any order are a repetition where no exact revision is expected.
    const swapped = [...first].reverse();
    expect((await client.appendToStream(stream, swapped)).nextExpectedRevision).toBe(0n);
    await expect(client.appendToStream(stream, [...first, ...events(1)])).rejects.toThrow(
      WrongExpectedVersionError,
    );
  });

  it('says that a stream is missing, deleted or gone for good', async () => {
    await expect(all(client.readStream(newStream()))).rejects.toThrow(StreamNotFoundError);
    const stream = newStream();
    await client.appendToStream(stream, events(2));
    await client.deleteStream(stream, { expectedRevision: 1n });
    await expect(all(client.readStream(stream))).rejects.toThrow(StreamNotFoundError);
    const reborn = await client.appendToStream(stream, events(1), { expectedRevision: 'no_stream' });
    expect(reborn.nextExpectedRevision).toBe(2n);
    expect(await all(client.readStream(stream))).toHaveLength(1);
    await client.tombstoneStream(stream);
    await expect(all(client.readStream(stream))).rejects.toThrow(StreamDeletedError);
    await expect(client.appendToStream(stream, events(1))).rejects.toThrow(StreamDeletedError);
  });

  it('refuses an append beyond its limit', async () => {
    const large = jsonEvent({ type: 'Large', data: { text: 'x'.repeat(1024 * 1024) } });
    await expect(client.appendToStream(newStream(), large)).rejects.toThrow(MaxAppendSizeExceededError);
  });

  it('takes appends with credentials of their own by the other call', async () => {
    const stream = newStream();
    const options = { credentials: { username: 'u', password: 'p' }, expectedRevision: 'no_stream' } as const;
    await client.appendToStream(stream, events(2), options);
    await expect(client.appendToStream(stream, events(1), options)).rejects.toThrow(
      WrongExpectedVersionError,
    );
    expect(await all(client.readStream(stream))).toHaveLength(2);
  });

  it('filters a subscription and says when it has caught up', async () => {
    const stream = newStream();
    await client.appendToStream(newStream(), events(200));
    await client.appendToStream(stream, events(2));
    let checkpoints = 0;
    const subscription = client.subscribeToAll({
      filter: streamNameFilter({
        prefixes: [stream],
        checkpointInterval: 2,
        checkpointReached: () => void (checkpoints += 1),
      }),
    });
    const seen: string[] = [];
    const caughtUp = new Promise<void>((resolve) => subscription.on('caughtUp', () => resolve()));
    subscription.on('data', ({ event }) => seen.push(event?.streamId ?? ''));
    await caughtUp;
    expect(seen).toEqual([stream, stream]);
    expect(checkpoints).toBeGreaterThan(0);
    await subscription.unsubscribe();
  });

  it('names the leader to whom it must be asked', async () => {
    const cluster = await EventStoreDbServer.start({ nodes: 2 });
    const [first] = cluster.urlWith({ isDiscovered: true }).match(/127[\d.:]+/) ?? [];
    const single = EventStoreDBClient.connectionString(`esdb://${first}?tls=false`);
    await single.appendToStream('s', events(1), { requiresLeader: true });
    cluster.moveLeader(1);
    // The first stream of appends was opened when this node was the leader, and ends with the refusal.
    await expect(single.appendToStream('s', events(1), { requiresLeader: true })).rejects.toThrow(
      NotLeaderError,
    );
    const moved = await single.appendToStream('s', events(1), { requiresLeader: true });
    expect(moved.nextExpectedRevision).toBe(1n);
    await single.dispose();
    await cluster.close();
  });

  it('keeps what it stored across a restart, and in a file across servers', async () => {
    const dataFile = path.join(mkdtempSync(path.join(os.tmpdir(), 'eventstoredb-server-')), 'log.ndjson');
    const before = await EventStoreDbServer.start({ dataFile });
    const writer = EventStoreDBClient.connectionString(before.url);
    const written = events(3);
    await writer.appendToStream('kept', written);
    await before.restart();
    const again = EventStoreDBClient.connectionString(before.url);
    const read = await all(again.readStream('kept'));
    await writer.dispose();
    await again.dispose();
    await before.close();
    const after = await EventStoreDbServer.start({ dataFile });
    const reader = EventStoreDBClient.connectionString(after.url);
    expect(await all(reader.readStream('kept'))).toEqual(read);
    const first = { expectedRevision: 'no_stream' } as const;
    expect((await reader.appendToStream('kept', written, first)).nextExpectedRevision).toBe(2n);
    expect((await reader.appendToStream('kept', written.slice(0, 2), first)).nextExpectedRevision).toBe(1n);
    // Without an exact revision it remembers nothing across a start.
    expect((await reader.appendToStream('kept', written)).nextExpectedRevision).toBe(5n);
    await reader.dispose();
    await after.close();
  });

  it('gives up on an append whose deadline, a time of the client’s clock, has passed by its own clock', async () => {
    const stream = newStream();
    server.clockAheadMs = 11_000;
    await expect(client.appendToStream(stream, events(1))).rejects.toMatchObject({
      type: ErrorType.DEADLINE_EXCEEDED,
    });
    server.clockAheadMs = 0;
    await expect(all(client.readStream(stream))).rejects.toThrow(StreamNotFoundError);
    expect((await client.appendToStream(stream, events(1))).nextExpectedRevision).toBe(0n);
  });

  it('drops a repetition while its first is stored but not in the index yet', async () => {
    const impatient = await EventStoreDbServer.start({ commitTimeoutMs: 50 });
    const writer = EventStoreDBClient.connectionString(impatient.url);
    const [written, options] = [events(2), { expectedRevision: 'no_stream' } as const];
    impatient.faults.indexMs = 400;
    const first = writer.appendToStream('s', written, options);
    while (!impatient.log.records.some(({ stream }) => stream === 's')) await sleep(5);
    await expect(writer.appendToStream('s', written, options)).rejects.toMatchObject({
      type: ErrorType.DEADLINE_EXCEEDED,
    });
    expect((await first).nextExpectedRevision).toBe(1n);
    expect((await writer.appendToStream('s', written, options)).nextExpectedRevision).toBe(1n);
    await writer.dispose();
    await impatient.close();
  });

  it('answers repeated ids at their revision whatever data they have, but not one more', async () => {
    const stream = newStream();
    const options = { expectedRevision: 'no_stream' } as const;
    const written = events(2);
    await client.appendToStream(stream, written, options);
    await client.appendToStream(stream, events(1), { expectedRevision: 1n });
    const other = written.map(({ id }) => jsonEvent({ id, type: 'Other', data: {} }));
    expect((await client.appendToStream(stream, other, options)).nextExpectedRevision).toBe(1n);
    const more = client.appendToStream(stream, [...written, ...events(1)], options);
    await expect(more).rejects.toMatchObject({ actualVersion: 2n });
    const elsewhere = await client.appendToStream(newStream(), written, options);
    expect(elsewhere.nextExpectedRevision).toBe(1n);
    await expect(
      client.appendToStream(newStream(), events(1), { expectedRevision: 3n }),
    ).rejects.toMatchObject({ actualVersion: 'no_stream' });
  });

  it('puts a tombstone into the stream itself, for everybody who follows its prefix', async () => {
    const stream = newStream();
    await client.appendToStream(stream, events(1));
    await client.tombstoneStream(stream);
    const seen: unknown[] = [];
    const subscription = client.subscribeToAll({ filter: streamNameFilter({ prefixes: [stream] }) });
    const caughtUp = new Promise<void>((resolve) => subscription.on('caughtUp', () => resolve()));
    subscription.on('data', ({ event }) => seen.push([event?.type, event?.revision]));
    await caughtUp;
    expect(seen).toEqual([
      ['Counted', 0n],
      ['$streamDeleted', 2n ** 63n - 1n],
    ]);
    await subscription.unsubscribe();
  });

  it('reads a stream that is cut off by its metadata without a word', async () => {
    const stream = newStream();
    await client.appendToStream(stream, events(5));
    const revisions = async () => (await all(client.readStream(stream))).map(({ revision }) => revision);
    await client.setStreamMetadata(stream, { maxCount: 2 });
    expect(await revisions()).toEqual([3n, 4n]);
    await client.setStreamMetadata(stream, { truncateBefore: 1 });
    expect(await revisions()).toEqual([1n, 2n, 3n, 4n]);
    await client.setStreamMetadata(stream, { maxAge: 10 });
    server.clockAheadMs = 60_000;
    expect(await revisions()).toEqual([]);
    server.clockAheadMs = 0;
  });

  it.each([
    ['23.10', /Unexpected ReadAllResult: Error/],
    ['24', /INVALID_ARGUMENT/],
  ] as const)(
    'refuses an offset of $all at which nothing begins, in the words of %s',
    async (version, words) => {
      const other = await EventStoreDbServer.start({ version });
      const reader = EventStoreDBClient.connectionString(other.url);
      await reader.appendToStream('s', events(2));
      const at = BigInt(other.log.records.at(-1)?.position ?? 0);
      const read = (commit: bigint) => all(reader.readAll({ fromPosition: { commit, prepare: commit } }));
      expect(await read(at)).toHaveLength(1);
      await expect(read(at + 1n)).rejects.toThrow(words);
      await reader.dispose();
      await other.close();
    },
  );

  it('takes as large an append as it was told to, in many messages, and the next one after a refusal', async () => {
    const large = await EventStoreDbServer.start({ appendBytesMax: 16_000_000 });
    const writer = EventStoreDBClient.connectionString(large.url);
    const megabytes = (count: number) =>
      Array.from({ length: count }, () => jsonEvent({ type: 'M', data: { text: 'x'.repeat(1_000_000) } }));
    expect((await writer.appendToStream('s', megabytes(15))).nextExpectedRevision).toBe(14n);
    await expect(writer.appendToStream('s', megabytes(16))).rejects.toThrow(MaxAppendSizeExceededError);
    expect((await writer.appendToStream('s', events(1))).nextExpectedRevision).toBe(15n);
    await writer.dispose();
    await large.close();
    await expect(EventStoreDbServer.start({ appendBytesMax: 16 * 1024 * 1024 })).rejects.toThrow(RangeError);
  });

  it('freezes: its connections stay, and nobody hears from it until it goes on', async () => {
    const cluster = await EventStoreDbServer.start({ nodes: 3 });
    const writer = EventStoreDBClient.connectionString(cluster.url);
    await writer.appendToStream('s', events(1));
    cluster.freeze(0);
    const waiting = writer.appendToStream('s', events(1));
    const first = await Promise.race([waiting.then(() => 'answered'), sleep(300).then(() => 'silent')]);
    expect(first).toBe('silent');
    cluster.thaw(0);
    expect((await waiting).nextExpectedRevision).toBe(1n);
    await writer.dispose();
    await cluster.close();
  });

  it('lets a plain user read $all when its metadata say so, and only then', async () => {
    const admin = { username: 'admin', password: 'changeit' };
    const plain = { username: 'ledger', password: 'p' };
    const secure = await EventStoreDbServer.start({ tls: true, credentials: admin, users: [plain] });
    const user = EventStoreDBClient.connectionString(secure.urlWith({ credentials: 'ledger:p' }));
    const administrator = EventStoreDBClient.connectionString(secure.url);
    await user.appendToStream('s', events(1));
    expect(await all(user.readStream('s'))).toHaveLength(1);
    await expect(all(user.readAll())).rejects.toThrow(AccessDeniedError);
    await expect(user.setStreamMetadata('$all', {})).rejects.toThrow(AccessDeniedError);
    await administrator.setStreamMetadata('$all', { acl: { readRoles: ['$admins', 'ledger'] } });
    expect((await all(user.readAll())).map(({ streamId }) => streamId)).toContain('s');
    for (const client of [user, administrator]) await client.dispose();
    await secure.close();
  });
});
