import { startEventStoreDbServer } from '@fintech-ledger/testing';
import type { EventStoreDbServer } from '@fintech-ledger/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshStream, someEvents, take } from '../../contract/contract-subject';
import { OutcomeUnknown, revision, StoreUnavailable } from '../../port';
import { EventStoreDbEventStore } from './eventstoredb-event-store';

let server: EventStoreDbServer;
let store: EventStoreDbEventStore;

beforeEach(async () => {
  server = await startEventStoreDbServer({ nodes: 3 });
  store = new EventStoreDbEventStore({ url: server.url, appendTimeoutMs: 2_000 });
});

afterEach(async () => {
  await store.close();
  await server.close();
});

/** Appends one event after the other, each until it is known to be stored. Returns how often an attempt failed. */
async function appendAll(stream: string, from: number, to: number): Promise<number> {
  let failures = 0;
  for (let at = from; at < to; at += 1) {
    const events = someEvents(1, at);
    for (;;) {
      try {
        await store.append(stream, at === 0 ? 'no_stream' : revision(at - 1), events);
        break;
      } catch (error) {
        if (!(error instanceof StoreUnavailable || error instanceof OutcomeUnknown)) throw error;
        failures += 1;
        if (failures > 200) throw error;
        await sleep(10);
      }
    }
  }
  return failures;
}

/** The same events again until it is known what became of them. Returns the last revision. */
async function untilKnown(
  client: EventStoreDbEventStore,
  stream: string,
  at: number,
  events: ReturnType<typeof someEvents>,
): Promise<number> {
  for (;;) {
    try {
      return (await client.append(stream, revision(at), events)).revision;
    } catch (error) {
      if (!(error instanceof StoreUnavailable || error instanceof OutcomeUnknown)) throw error;
      await sleep(10);
    }
  }
}

describe('a cluster', () => {
  it('is found by any of its nodes, and by discovery', async () => {
    const stream = freshStream();
    await appendAll(stream, 0, 2);
    const other = new EventStoreDbEventStore({ url: server.urlWith({ isDiscovered: true }) });
    expect(await other.readStream(stream, { limit: 10 })).toHaveLength(2);
    await other.close();
  });

  it('that moves its leader: an append is refused once, and then goes to the new one', async () => {
    const stream = freshStream();
    await appendAll(stream, 0, 3);
    server.moveLeader(2);
    await expect(store.append(stream, revision(2), someEvents(1))).rejects.toThrow(StoreUnavailable);
    expect(await appendAll(stream, 3, 6)).toBe(0);
    expect(await store.readStream(stream, { limit: 10 })).toHaveLength(6);
  });

  it.each([false, true])(
    'whose leader freezes: appends and followers go on soon after there is another one (discovered: %s)',
    async (isDiscovered) => {
      const url = isDiscovered
        ? server.urlWith({ isDiscovered }).replace(/:\d+\?/, `:${server.ports[1]}?`)
        : server.url;
      const client = new EventStoreDbEventStore({ url, appendTimeoutMs: 500 });
      const stream = freshStream();
      const followed: number[] = [];
      const subscription = client.subscribe({ streamPrefixes: [stream] });
      const following = (async () => {
        for await (const batch of subscription) followed.push(...batch.map((event) => event.revision));
      })();
      await client.append(stream, 'no_stream', someEvents(1));
      while (followed.length === 0) await sleep(5);
      server.freeze(0);
      const second = someEvents(1);
      await expect(client.append(stream, revision(0), second)).rejects.toThrow(OutcomeUnknown);
      // The others have not noticed yet.
      const waiting = untilKnown(client, stream, 0, second);
      await sleep(1_000);
      const electedAt = performance.now();
      server.moveLeader(2);
      expect(await waiting).toBe(1);
      // Not the 20 s after which keepalive notices it, nor the 15 s of a read.
      expect(performance.now() - electedAt).toBeLessThan(13_000);
      while (followed.length < 2) await sleep(5);
      expect(followed).toEqual([0, 1]);
      await client.close();
      await following;
    },
  );

  it.each(['a leader that freezes', 'a follower that freezes'])(
    'is followed without a word from anybody else, without pings too: %s',
    async (what) => {
      const index = what.startsWith('a leader') ? 0 : 1;
      const preference = index === 0 ? 'leader' : 'follower';
      const options = `keepAliveInterval=-1&keepAliveTimeout=-1&nodePreference=${preference}`;
      const lost: string[] = [];
      const follower = new EventStoreDbEventStore({
        url: `${server.url}&${options}`,
        silenceMs: 200,
        onSubscriptionLost: (error) => lost.push(error.message),
      });
      const stream = freshStream();
      await appendAll(stream, 0, 1);
      const batches = follower.subscribe({ streamPrefixes: [stream] })[Symbol.asyncIterator]();
      expect((await batches.next()).value).toMatchObject([{ revision: 0 }]);
      const next = batches.next();
      // Both followers may be the one that it follows.
      server.freeze(index);
      if (index === 0) server.moveLeader(2);
      else server.freeze(2);
      const writer = new EventStoreDbEventStore({ url: server.url, appendTimeoutMs: 500 });
      await untilKnown(writer, stream, 0, someEvents(1));
      expect((await next).value).toMatchObject([{ revision: 1 }]);
      expect(lost).toContain('the node of a subscription has said nothing for 200 ms and more');
      await batches.return?.();
      await Promise.all([follower.close(), writer.close()]);
    },
    60_000,
  );

  it('whose leader freezes: what waits for its answer is given up, and what comes next is told that nobody leads', async () => {
    const stream = freshStream();
    await appendAll(stream, 0, 1);
    const client = new EventStoreDbEventStore({
      url: `${server.url}&keepAliveInterval=-1&keepAliveTimeout=-1`,
      appendTimeoutMs: 500,
      readTimeoutMs: 600_000,
      silenceMs: 600_000,
    });
    await client.append(stream, revision(0), someEvents(1));
    server.freeze(0);
    const reading = client.readStream(stream, { limit: 1 });
    const given = expect(reading).rejects.toThrow(StoreUnavailable);
    await expect(client.append(stream, revision(1), someEvents(1))).rejects.toThrow(OutcomeUnknown);
    await given;
    await expect(client.readStream(stream, { limit: 1 })).rejects.toThrow(/the nodes have no other one yet/);
    server.moveLeader(1);
    for (;;) {
      const events = await client.readStream(stream, { limit: 1 }).catch((error: unknown) => {
        if (!(error instanceof StoreUnavailable)) throw error;
      });
      if (events) break;
    }
    await client.close();
  }, 60_000);

  it('whose leader freezes: a read alone finds out on its own, without its own deadline and without pings', async () => {
    const stream = freshStream();
    await appendAll(stream, 0, 1);
    const client = new EventStoreDbEventStore({
      url: `${server.url}&keepAliveInterval=-1&keepAliveTimeout=-1`,
      readTimeoutMs: 600_000,
      silenceMs: 100,
    });
    expect(await client.readStream(stream, { limit: 1 })).toHaveLength(1);
    server.freeze(0);
    await expect(client.readStream(stream, { limit: 1 })).rejects.toThrow(/given up before its answer/);
    server.moveLeader(1);
    while ((await client.readStream(stream, { limit: 1 }).catch(() => [])).length === 0);
    await client.close();
  }, 60_000);

  it('that has no leader for a moment takes no appends, and then goes on', async () => {
    const stream = freshStream();
    await appendAll(stream, 0, 1);
    server.moveLeader(undefined);
    await expect(store.append(stream, revision(0), someEvents(1))).rejects.toThrow();
    server.moveLeader(1);
    await appendAll(stream, 1, 3);
    expect(await store.readStream(stream, { limit: 10 })).toHaveLength(3);
  });

  it('that loses its leader under load: every event is there once, and followers miss none', async () => {
    const stream = freshStream();
    await appendAll(stream, 0, 5);
    const following = take(store.subscribe({ streamPrefixes: [stream] }), 60);
    const appending = appendAll(stream, 5, 60);
    for (const leader of [1, 2, 0, 1]) {
      await sleep(60);
      const before = leader === 0 ? 2 : leader - 1;
      server.down(before);
      server.moveLeader(leader);
      await sleep(60);
      await server.up(before);
    }
    await appending;
    const taken = await following;
    expect(taken.map((event) => event.revision)).toEqual(Array.from({ length: 60 }, (_, index) => index));
    expect(await store.readStream(stream, { limit: 100 })).toEqual(taken);
  });

  it('of which no node answers says so', async () => {
    const dead = new EventStoreDbEventStore({
      url: 'esdb://127.0.0.1:1,127.0.0.1:2?tls=false&maxDiscoverAttempts=2',
    });
    await expect(dead.append(freshStream(), 'no_stream', someEvents(1))).rejects.toThrow(
      /no node of the cluster 127.0.0.1:1, 127.0.0.1:2 says who leads it/,
    );
    await expect(dead.append(freshStream(), 'no_stream', someEvents(1))).rejects.toThrow(StoreUnavailable);
    await dead.close();
  });
});
