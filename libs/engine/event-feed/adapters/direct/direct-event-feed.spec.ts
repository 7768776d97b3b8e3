import { globalPosition, revision } from '@fintech-ledger/event-store';
import type { RecordedEvent, SubscribeOptions } from '@fintech-ledger/event-store';
import { directEventFeed, feedToken } from '../..';

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
