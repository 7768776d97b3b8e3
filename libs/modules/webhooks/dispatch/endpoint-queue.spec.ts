import type { Ordering } from '@fintech-ledger/webhooks/domain';
import { EndpointQueue } from './endpoint-queue';
import type { ClaimedMessage } from './claim-messages';
import type { DueEndpoint } from './find-due';

const queueOf = (ordering: Ordering = 'none'): EndpointQueue =>
  new EndpointQueue({ endpoint: { id: 'we_1', ordering } } as DueEndpoint);
const message = (n: number, more: Partial<ClaimedMessage> = {}): ClaimedMessage => ({
  id: `msg_${n}`,
  body: '{}',
  step: 0,
  replayId: null,
  eventMs: 0,
  isTest: false,
  ...more,
});
const messages = (count: number, more: Partial<ClaimedMessage> = {}): readonly ClaimedMessage[] =>
  Array.from({ length: count }, (_, n) => message(n, more));
/** With other ids. */
const many = (count: number, more: Partial<ClaimedMessage>): readonly ClaimedMessage[] =>
  messages(count, more).map((one) => ({ ...one, id: `${one.id}_replayed` }));
const replayed = { replayId: 'rpl_1' };
/** Begins all that may be sent now. */
function begun(queue: EndpointQueue, withReplayed = true): readonly ClaimedMessage[] {
  const all: ClaimedMessage[] = [];
  for (let one = queue.next(withReplayed); one !== undefined; one = queue.next(withReplayed)) all.push(one);
  return all;
}
/** Sends so many with success, a millisecond each. */
function sendMany(queue: EndpointQueue, count: number, fromMs: number): void {
  queue.add(messages(count), 0);
  for (let n = 0; n < count; n += 1) {
    const one = queue.next(true);
    if (one === undefined) throw new Error('nothing may be sent');
    queue.sent(one, true, fromMs + n);
    queue.kept(one);
  }
}

describe('what is claimed of an endpoint', () => {
  it('is what may be under way, while nothing is known of it or it is slow', () => {
    const queue = queueOf();
    expect(queue.room(0)).toEqual({ live: 10, replayed: 8 });
    queue.add(messages(10), 0);
    expect(queue.room(0)).toEqual({ live: 0, replayed: 8 });
    const [first] = begun(queue);
    expect(queue.room(0)).toEqual({ live: 0, replayed: 8 });
    queue.sent(first ?? message(0), true, 1);
    queue.kept(first ?? message(0));
    expect(queue.room(1)).toEqual({ live: 1, replayed: 8 });
  });

  it('is as much as was sent lately, up to 200, and is claimed when half of it is gone', () => {
    const queue = queueOf();
    sendMany(queue, 60, 1_000);
    expect(queue.room(1_060)).toEqual({ live: 60, replayed: 60 });
    queue.add(messages(60), 0);
    expect(queue.room(1_060).live).toBe(0);
    queue.takeOut();
    queue.add(messages(30), 0);
    expect(queue.room(1_060).live).toBe(30);
    queue.takeOut();
    sendMany(queue, 300, 1_060);
    expect(queue.room(1_360).live).toBe(200);
    // Nothing was sent for a second.
    expect(queue.room(2_400)).toEqual({ live: 10, replayed: 8 });
  });

  it('is little again after an attempt that failed', () => {
    const queue = queueOf();
    sendMany(queue, 100, 0);
    queue.add(messages(1), 0);
    const one = queue.next(true) ?? message(0);
    queue.sent(one, false, 101);
    queue.kept(one);
    expect(queue.room(102)).toEqual({ live: 10, replayed: 8 });
    expect(queue.isIdle).toBe(true);
  });

  it('is claimed once, though a crash of Postgres freed what waits', () => {
    const queue = queueOf();
    queue.add(messages(2), 0);
    queue.add(messages(3), 0);
    expect(queue.takeOut()).toEqual(messages(3));
  });

  it('is given back when it has waited for so long that its claim would end first', () => {
    const queue = queueOf();
    queue.add(messages(2), 1_000);
    expect([queue.isStale(6_000), queue.isStale(6_001)]).toEqual([false, true]);
    queue.add([message(7, replayed)], 4_000);
    expect(queue.takeOut().map(({ id }) => id)).toEqual(['msg_0', 'msg_1', 'msg_7']);
    expect(queue.isStale(60_000)).toBe(false);
  });
});

describe('what is sent of it', () => {
  it('is ten at once, eight of a replay, and what happens first', () => {
    const queue = queueOf();
    queue.add(many(20, replayed), 0);
    const first = begun(queue);
    expect(first).toHaveLength(8);
    queue.add(messages(20), 0);
    expect(begun(queue)).toEqual(messages(2));
    queue.sent(first[0] ?? message(0), true, 0);
    expect(begun(queue)).toEqual([message(2)]);
    queue.takeOut();
    expect(queue.waits).toBe(0);
  });

  it('is none of a replay while the process sends as many of replays as it may', () => {
    const queue = queueOf();
    queue.add([message(7, replayed), ...messages(1)], 0);
    expect(begun(queue, false)).toEqual(messages(1));
  });

  it('stops while fifty are answered and not kept', () => {
    const queue = queueOf();
    queue.add(messages(100), 0);
    const answered: ClaimedMessage[] = [];
    for (let one = queue.next(true); one !== undefined; one = queue.next(true)) {
      queue.sent(one, true, 0);
      answered.push(one);
    }
    expect(answered).toHaveLength(50);
    queue.kept(answered[0] ?? message(0));
    expect(begun(queue)).toHaveLength(1);
  });

  it('is one after the other where order is strict, in each lane; a test is in no order', () => {
    const queue = queueOf('strict');
    queue.add([message(1), message(2), message(7, replayed), message(8, replayed)], 0);
    const first = begun(queue);
    expect(first).toEqual([message(1), message(7, replayed)]);
    queue.sent(message(1), true, 0);
    // It need not be kept for the next one to go.
    expect(begun(queue)).toEqual([message(2)]);
    queue.add([message(3, { isTest: true }), message(4)], 0);
    expect(begun(queue)).toEqual([message(3, { isTest: true })]);
  });
});
