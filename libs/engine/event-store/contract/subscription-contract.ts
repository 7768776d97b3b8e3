import { setTimeout as sleep } from 'node:timers/promises';
import { revision } from '../port';
import type { RecordedEvent } from '../port';
import { contentOf, freshStream, someEvents, take } from './contract-subject';
import type { ContractSubject } from './contract-subject';

const places = (events: readonly RecordedEvent[]): string[] =>
  events.map((event) => `${event.stream}@${event.revision}`);

/** From the beginning, from a position, by prefix, live, closed. */
export function subscriptionContract(subject: ContractSubject): void {
  const store = (): ReturnType<ContractSubject['store']> => subject.store();

  describe('subscribe', () => {
    it('delivers from the beginning what is there and then what comes', async () => {
      const stream = freshStream();
      const events = someEvents(60);
      await store().append(stream, 'no_stream', events.slice(0, 40));
      const taking = take(store().subscribe({ streamPrefixes: [stream], batchEventsMax: 7 }), 60);
      await store().append(stream, revision(39), events.slice(40, 50));
      await sleep(20);
      await store().append(stream, revision(49), events.slice(50));
      const taken = await taking;
      expect(taken.map(contentOf)).toEqual(events);
      expect(taken.map((event) => event.revision)).toEqual(events.map((_, index) => index));
      expect(taken).toEqual(await store().readStream(stream, { limit: 100 }));
    });

    it('goes on after any position that it gave, and after any that a read gave', async () => {
      const stream = freshStream();
      await store().append(stream, 'no_stream', someEvents(10));
      await store().append(stream, revision(9), someEvents(10));
      const all = await take(store().subscribe({ streamPrefixes: [stream] }), 20);
      for (const index of [0, 4, 9, 10, 18]) {
        const after = all[index]?.position;
        if (after === undefined) throw new Error('a position');
        const rest = await take(store().subscribe({ streamPrefixes: [stream], after }), 19 - index);
        expect(rest).toEqual(all.slice(index + 1));
      }
    });

    it('has one total order over streams, the one of the appends', async () => {
      const prefix = freshStream();
      const expected: string[] = [];
      const at = new Map<string, number>();
      for (let round = 0; round < 30; round += 1) {
        const stream = `${prefix}-${round % 4}`;
        const from = at.get(stream) ?? 0;
        const count = 1 + (round % 3);
        await store().append(stream, 'any', someEvents(count));
        at.set(stream, from + count);
        for (let index = 0; index < count; index += 1) expected.push(`${stream}@${from + index}`);
      }
      const taken = await take(
        store().subscribe({ streamPrefixes: [prefix], batchEventsMax: 4 }),
        expected.length,
      );
      expect(places(taken)).toEqual(expected);
      expect(new Set(taken.map((event) => event.position)).size).toBe(expected.length);
    });

    it('delivers only streams with one of the prefixes, and batches no larger than asked for', async () => {
      const mark = freshStream('');
      const names = [`a-${mark}`, `b-${mark}`, `ab-${mark}`, `A-${mark}`, `a_${mark}`, `%-${mark}`];
      for (let round = 0; round < 3; round += 1) {
        for (const name of names) await store().append(name, 'any', someEvents(2));
      }
      const subscription = store().subscribe({
        streamPrefixes: [`a-${mark}`, `%-${mark}`],
        batchEventsMax: 5,
      });
      const taken: RecordedEvent[] = [];
      for await (const batch of subscription) {
        expect(batch.length).toBeLessThanOrEqual(5);
        taken.push(...batch);
        if (taken.length >= 12) break;
      }
      expect(taken).toHaveLength(12);
      expect(new Set(taken.map((event) => event.stream))).toEqual(new Set([`a-${mark}`, `%-${mark}`]));
    });

    it('the empty prefix is every stream', async () => {
      const stream = freshStream('x');
      await store().append(stream, 'no_stream', someEvents(1));
      const [own] = await store().readStream(stream, { limit: 1 });
      if (!own) throw new Error('an event');
      const taking = take(store().subscribe({ streamPrefixes: [''], after: own.position }), 1);
      const other = freshStream('y');
      await store().append(other, 'no_stream', someEvents(1));
      expect(places(await taking)).toEqual([`${other}@0`]);
    });

    it('delivers a live append soon', async () => {
      const stream = freshStream();
      await store().append(stream, 'no_stream', someEvents(1));
      const subscription = store().subscribe({ streamPrefixes: [stream] });
      const batches = subscription[Symbol.asyncIterator]();
      await batches.next();
      await sleep(300);
      const start = performance.now();
      await store().append(stream, revision(0), someEvents(1));
      expect((await batches.next()).value).toHaveLength(1);
      expect(performance.now() - start).toBeLessThan(500);
      await subscription.close();
    });

    it('close ends a waiting iteration, and one that was not begun', async () => {
      const waiting = store().subscribe({ streamPrefixes: [freshStream()] });
      const next = waiting[Symbol.asyncIterator]().next();
      await sleep(10);
      await waiting.close();
      expect(await next).toEqual({ done: true, value: undefined });
      await waiting.close();
      const unused = store().subscribe({ streamPrefixes: [''] });
      await unused.close();
      expect(await take(unused, 1)).toEqual([]);
    });

    it('two subscriptions do not disturb each other', async () => {
      const stream = freshStream();
      await store().append(stream, 'no_stream', someEvents(20));
      const [slow, fast] = [{ batchEventsMax: 3 }, { batchEventsMax: 20 }].map((options) =>
        take(store().subscribe({ streamPrefixes: [stream], ...options }), 20),
      );
      expect(await slow).toEqual(await fast);
    });
  });

  describe('countAfter', () => {
    it('counts what lies ahead, or says that it can’t', async () => {
      const stream = freshStream();
      const total = await store().countAfter(undefined);
      await store().append(stream, 'no_stream', someEvents(5));
      const [, second] = await store().readStream(stream, { limit: 5 });
      const ahead = await store().countAfter(second?.position);
      if (total === null) return expect(ahead).toBeNull();
      expect(ahead).toBe(3);
      expect(await store().countAfter(undefined)).toBe(total + 5);
    });
  });
}

/** How far it has looked, where nothing more was wanted. */
export function passedContract(subject: ContractSubject): void {
  const store = (): ReturnType<ContractSubject['store']> => subject.store();

  describe('passed', () => {
    it('says how far it has looked only while everything wanted was taken, where it can tell', async () => {
      const stream = freshStream();
      await store().append(stream, 'no_stream', someEvents(1));
      const subscription = store().subscribe({ streamPrefixes: [stream] });
      const batches = subscription[Symbol.asyncIterator]();
      const [event] = ((await batches.next()).value ?? []) as readonly RecordedEvent[];
      await store().append(freshStream('unwanted-'), 'no_stream', someEvents(2));
      await sleep(200);
      // What was handed over is still being worked on.
      expect(subscription.passed?.()).toBeUndefined();
      const next = batches.next();
      const passed = async (): Promise<number | null> => {
        await sleep(20);
        const position = subscription.passed?.();
        return position === undefined ? null : store().countAfter(position);
      };
      const canTell = (await store().countAfter(event?.position)) !== null;
      for (let tries = 0; canTell && (await passed()) !== 0; tries += 1)
        if (tries > 200) throw new Error('it has not looked');
      await store().append(stream, revision(0), someEvents(1));
      expect(places(((await next).value ?? []) as readonly RecordedEvent[])).toEqual([`${stream}@1`]);
      await subscription.close();
    });
  });
}
