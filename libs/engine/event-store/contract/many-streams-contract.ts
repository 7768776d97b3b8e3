import { revision, WrongExpectedRevision } from '../port';
import type { AppendResult, EventStore, EventToAppend } from '../port';
import { freshStream, someEvents, take } from './contract-subject';
import type { ContractSubject } from './contract-subject';

interface Sent {
  readonly stream: string;
  readonly events: readonly EventToAppend[];
}

/** Appends to many streams at the same moment: a store may store them together, and answers each for itself. */
export function manyStreamsContract(subject: ContractSubject): void {
  describe('appends to many streams at the same moment', () => {
    storedTogether(subject);
    answeredOneByOne(subject);
    followedInOrder(subject);
  });
}

/** Streams that have one event each, and what is to follow it. */
async function begun(store: EventStore, count: number): Promise<readonly Sent[]> {
  const streams = Array.from({ length: count }, () => freshStream());
  await Promise.all(streams.map((stream) => store.append(stream, 'no_stream', someEvents(1))));
  return streams.map((stream, index) => ({ stream, events: someEvents(1 + (index % 3)) }));
}

const appendAll = (store: EventStore, all: readonly Sent[]): Promise<PromiseSettledResult<AppendResult>[]> =>
  Promise.allSettled(all.map(({ stream, events }) => store.append(stream, revision(0), events)));

/** The ids of the events after the first one. */
const added = async (store: EventStore, stream: string): Promise<readonly string[]> =>
  (await store.readStream(stream, { limit: 100 })).slice(1).map(({ id }) => id);

const idsOf = (events: readonly EventToAppend[]): readonly string[] => events.map(({ id }) => id);

function storedTogether(subject: ContractSubject): void {
  it('are all stored, each where it was expected', async () => {
    const store = subject.store();
    const all = await begun(store, 40);
    const results = await appendAll(store, all);
    expect(results.map((result) => result.status === 'fulfilled' && result.value)).toEqual(
      all.map(({ events }) => ({ revision: events.length, repeated: false })),
    );
    for (const { stream, events } of all) expect(await added(store, stream)).toEqual(idsOf(events));
  });

  it('are taken together whatever their sizes', async () => {
    const store = subject.store();
    const all = await begun(store, 10);
    const data = JSON.stringify('é'.repeat(50_000));
    const sent = all.map(({ stream, events }, index) => ({
      stream,
      events: index % 2 === 0 ? events : events.map((event) => ({ ...event, data })),
    }));
    const results = await appendAll(store, sent);
    expect(results.map(({ status }) => status)).toEqual(sent.map(() => 'fulfilled'));
    for (const { stream, events } of sent) expect(await added(store, stream)).toEqual(idsOf(events));
  });
}

function answeredOneByOne(subject: ContractSubject): void {
  it('are conflicts, repetitions and bugs one by one: all others are stored', async () => {
    const store = subject.store();
    const all = await begun(store, 24);
    const [conflicting, repeated, broken] = all;
    if (!conflicting || !repeated || !broken) throw new Error('three streams');
    const [foreign, bad] = [someEvents(2), [{ ...broken.events[0], data: '{\n}' } as EventToAppend]];
    await store.append(conflicting.stream, revision(0), foreign);
    await store.append(repeated.stream, revision(0), repeated.events);
    const sent = all.map((one) => (one === broken ? { ...one, events: bad } : one));
    // In the middle, so that others go before them and after them.
    const order = [...sent.slice(3, 14), ...sent.slice(0, 3), ...sent.slice(14)];
    const results = await appendAll(store, order);
    const answers = new Map(order.map(({ stream }, index) => [stream, results[index]]));
    expect(answers.get(conflicting.stream)).toMatchObject({
      reason: { name: 'WrongExpectedRevision', stream: conflicting.stream, expected: 0, actual: 2 },
    });
    expect(answers.get(repeated.stream)).toMatchObject({
      value: { revision: repeated.events.length, repeated: true },
    });
    expect(answers.get(broken.stream)).toMatchObject({ reason: expect.any(TypeError) as unknown });
    for (const { stream, events } of sent.slice(3)) {
      expect(answers.get(stream)).toMatchObject({ value: { revision: events.length, repeated: false } });
      expect(await added(store, stream)).toEqual(idsOf(events));
    }
    expect(await added(store, broken.stream)).toEqual([]);
    expect(await added(store, conflicting.stream)).toEqual(idsOf(foreign));
  });

  it('of which several are to one stream and one revision, exactly one of those is stored', async () => {
    const store = subject.store();
    const all = await begun(store, 12);
    const [wanted] = all;
    if (!wanted) throw new Error('a stream');
    const rivals = Array.from({ length: 4 }, () => ({ stream: wanted.stream, events: someEvents(1) }));
    const results = await appendAll(
      store,
      all.flatMap((one, index) => [one, ...rivals.slice(index, index + 1)]),
    );
    const failed = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(failed).toHaveLength(rivals.length);
    for (const reason of failed) expect(reason).toBeInstanceOf(WrongExpectedRevision);
    expect(await added(store, wanted.stream)).toHaveLength(1);
  });
}

function followedInOrder(subject: ContractSubject): void {
  it('come to followers once each, in the order of their positions and without a gap', async () => {
    const store = subject.store();
    const prefix = freshStream();
    const rounds = 6;
    const streams = Array.from({ length: 20 }, (_, index) => `${prefix}-${index}`);
    const following = take(
      store.subscribe({ streamPrefixes: [prefix], batchEventsMax: 7 }),
      streams.length * (1 + rounds),
    );
    await Promise.all(streams.map((stream) => store.append(stream, 'no_stream', someEvents(1))));
    await Promise.all(
      streams.map(async (stream) => {
        for (let at = 0; at < rounds; at += 1) await store.append(stream, revision(at), someEvents(1));
      }),
    );
    const followed = await following;
    const next = new Map<string, number>();
    for (const event of followed) {
      expect(event.revision).toBe(next.get(event.stream) ?? 0);
      next.set(event.stream, event.revision + 1);
    }
    expect([...next.values()]).toEqual(streams.map(() => rounds + 1));
    expect(new Set(followed.map(({ position }) => position)).size).toBe(followed.length);
    const [first] = followed;
    const total = await store.countAfter(first?.position);
    const last = await store.countAfter(followed.at(-1)?.position);
    // Others may append at the same time, so there may be more, and never less.
    if (total !== null && last !== null) expect(total - last).toBeGreaterThanOrEqual(followed.length - 1);
  });
}
