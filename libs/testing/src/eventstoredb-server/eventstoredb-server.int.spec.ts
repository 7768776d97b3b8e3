import {
  END,
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
    expect((await reader.appendToStream('kept', written)).nextExpectedRevision).toBe(2n);
    expect((await reader.appendToStream('kept', events(1))).nextExpectedRevision).toBe(3n);
    await reader.dispose();
    await after.close();
  });
});
