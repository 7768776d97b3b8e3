import { AppendTooLarge } from '../port';
import { freshStream, someEvents } from './contract-subject';
import type { ContractSubject } from './contract-subject';

/** The largest append that is taken, and the first that is not. */
export function limitsContract(subject: ContractSubject): void {
  describe('limits', () => {
    it('takes as many events as it says and not one more', async () => {
      const { limits } = subject.store();
      const stream = freshStream();
      const [one] = someEvents(1, 100_000);
      const bytes = Buffer.byteLength(`${one?.data}${one?.metadata}`) + (limits.eventOverheadBytes ?? 0);
      // Where the bytes of the smallest events are what limits them, there is no bound of their number to be tested.
      const most = Math.min(limits.appendEventsMax, Math.floor(limits.appendBytesMax / bytes));
      const events = someEvents(most + 1, 100_000);
      await expect(subject.store().append(stream, 'no_stream', events)).rejects.toThrow(AppendTooLarge);
      expect(await subject.store().readStream(stream, { limit: 1 })).toEqual([]);
      const last = most - 1;
      const result = await subject.store().append(stream, 'no_stream', events.slice(0, -1));
      expect(result).toEqual({ revision: last, repeated: false });
      const [newest] = await subject.store().readStream(stream, { direction: 'backwards', limit: 1 });
      expect(newest).toMatchObject({ revision: last, id: events[last]?.id });
    });

    it('takes as many bytes as it says and not one more', async () => {
      const { limits } = subject.store();
      const stream = freshStream();
      const [event] = someEvents(1);
      if (!event) throw new Error('one event');
      // Two bytes a letter: what is limited is bytes, not characters.
      const room =
        limits.appendBytesMax - (limits.eventOverheadBytes ?? 0) - Buffer.byteLength(event.metadata) - 3;
      const data = `"${'é'.repeat(Math.floor(room / 2))}"`;
      const tooLarge = { ...event, data: `${data}  ` };
      await expect(subject.store().append(stream, 'no_stream', [tooLarge])).rejects.toThrow(AppendTooLarge);
      await subject.store().append(stream, 'no_stream', [{ ...event, data }]);
      const [read] = await subject.store().readStream(stream, { limit: 1 });
      expect(read?.data === data).toBe(true);
    });
  });
}
