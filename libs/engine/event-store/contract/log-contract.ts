import type { LogReader } from '../log-reader';
import type { GlobalPosition, RecordedEvent } from '../port';
import { revision } from '../port';
import { contentOf, freshStream, someEvents } from './contract-subject';
import type { ContractSubject } from './contract-subject';

/** Reads until nothing is left. */
async function readToEnd(
  log: LogReader,
  prefix: string,
  after?: GlobalPosition,
): Promise<{ events: RecordedEvent[]; position: GlobalPosition | undefined }> {
  const events: RecordedEvent[] = [];
  for (let position = after; ;) {
    const found = await log.readAfter(position, [prefix]);
    events.push(...found.events);
    position = found.position;
    if (found.isAll) return { events, position };
  }
}

/** The log up to its end. */
export function logContract(subject: ContractSubject): void {
  const { log } = subject;
  if (log === undefined) return;
  const store = (): ReturnType<ContractSubject['store']> => subject.store();

  describe('readAfter', () => {
    it('has what is stored by now, of the wanted streams, in their order', async () => {
      const prefix = freshStream('log-');
      const events = someEvents(6);
      await store().append(`${prefix}-a`, 'no_stream', events.slice(0, 2));
      await store().append(freshStream(), 'no_stream', someEvents(3));
      await store().append(`${prefix}-b`, 'no_stream', events.slice(2, 4));
      await store().append(`${prefix}-a`, revision(1), events.slice(4));
      const read = await readToEnd(log(), prefix);
      expect(read.events.map(contentOf)).toEqual(events);
      expect(read.events.map((event) => `${event.stream}@${event.revision}`)).toEqual(
        ['a@0', 'a@1', 'b@0', 'b@1', 'a@2', 'a@3'].map((place) => `${prefix}-${place}`),
      );
    });

    it('goes on where it was, past what was not wanted', async () => {
      const stream = freshStream('log-');
      await store().append(stream, 'no_stream', someEvents(2));
      const { position } = await readToEnd(log(), stream);
      await store().append(freshStream(), 'no_stream', someEvents(3));
      const nothing = await readToEnd(log(), stream, position);
      expect(nothing.events).toEqual([]);
      const [event] = someEvents(1);
      await store().append(stream, revision(1), event === undefined ? [] : [event]);
      for (const after of [position, nothing.position]) {
        const { events } = await readToEnd(log(), stream, after);
        expect(events.map(contentOf)).toEqual([event]);
      }
    });

    it('goes on after any event', async () => {
      const stream = freshStream('log-');
      await store().append(stream, 'no_stream', someEvents(5));
      const { events } = await readToEnd(log(), stream);
      for (const [index, { position }] of events.entries())
        expect((await readToEnd(log(), stream, position)).events).toEqual(events.slice(index + 1));
    });

    it('has all of many', async () => {
      const stream = freshStream('log-');
      const events = someEvents(4_500);
      for (let at = 0; at < events.length; at += 1_500)
        await store().append(stream, at === 0 ? 'no_stream' : revision(at - 1), events.slice(at, at + 1_500));
      const read = await readToEnd(log(), stream);
      expect(read.events.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    });
  });
}
