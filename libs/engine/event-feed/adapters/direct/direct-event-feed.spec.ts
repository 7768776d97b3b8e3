import { globalPosition, MemoryEventStore, revision } from '@fintech-ledger/event-store';
import type { RecordedEvent, SubscribeOptions } from '@fintech-ledger/event-store';
import { randomUUID } from 'node:crypto';
import { directEventFeed, feedToken } from '../..';
import type { FeedBatch } from '../..';

const event = (position: string): RecordedEvent => ({
  id: `id-${position}`,
  type: 'T',
  data: '{}',
  metadata: '{}',
  stream: 'journal-l',
  revision: revision(Number(position)),
  position: globalPosition(position),
});

it('hands on batches with the position of their last event as the token, and starts after a token', async () => {
  const asked: SubscribeOptions[] = [];
  let isClosed = false;
  const feed = directEventFeed({
    subscribe(options) {
      asked.push(options);
      return {
        async *[Symbol.asyncIterator]() {
          yield [event('0'), event('1')];
          yield [event('2')];
        },
        close: async () => {
          isClosed = true;
        },
      };
    },
    countAfter: (position) => Promise.resolve(position === '2' ? 0 : 3),
  });
  const reader = feed.open({ after: feedToken('7'), streamPrefixes: ['journal-'], batchEventsMax: 5 });
  const seen: string[] = [];
  for await (const { events, token } of reader) {
    seen.push(`${events.length}@${token}`);
    await reader.acknowledge(token);
  }
  await reader.close();
  expect(seen).toEqual(['2@1', '1@2']);
  expect(asked).toEqual([{ after: '7', streamPrefixes: ['journal-'], batchEventsMax: 5 }]);
  expect(isClosed).toBe(true);
  expect(await feed.countAfter(feedToken('2'))).toBe(0);
  expect(await feed.countAfter(undefined)).toBe(3);
});

it('says how far it has looked while nothing comes that is wanted, and hands over everything that is', async () => {
  const store = new MemoryEventStore();
  const append = (stream: string) =>
    store.append(stream, 'any', [{ id: randomUUID(), type: 'T', data: '{}', metadata: '{}' }]);
  const feed = directEventFeed(store);
  const reader = feed.open({ streamPrefixes: ['journal-'] });
  const batches = reader[Symbol.asyncIterator]();
  const next = async (): Promise<FeedBatch> => {
    const step = await batches.next();
    if (step.done === true) throw new Error('it has ended');
    return step.value;
  };
  const streamsOf = ({ events }: FeedBatch): readonly string[] => events.map(({ stream }) => stream);

  await append('journal-a');
  await append('audit-a');
  const first = await next();
  expect(streamsOf(first)).toEqual(['journal-a']);
  expect(await feed.countAfter(first.token)).toBe(1);
  const passed = await next();
  expect(passed.events).toEqual([]);
  expect(await feed.countAfter(passed.token)).toBe(0);
  await append('audit-a');
  await append('journal-b');
  await append('audit-a');
  expect(streamsOf(await next())).toEqual(['journal-b']);
  expect(await feed.countAfter((await next()).token)).toBe(0);
  await reader.close();
  expect((await batches.next()).done).toBe(true);
});
