import { StreamTruncated, revision } from '@fintech-ledger/event-store';
import type { CommandEnvelope, CommandOutcome } from '@fintech-ledger/journal';
import { StreamRefused, witnessedWriter } from './witnessed-writer';

const envelope = { stream: 'journal-led_1' } as CommandEnvelope;

function witnessed(loading: () => Promise<void> = () => Promise.resolve()) {
  const answer: { problem?: string } = {};
  const refused: Error[] = [];
  const stopped: Error[] = [];
  let loads = 0;
  const inner = {
    isStopped: false,
    isIdle: true,
    load() {
      loads += 1;
      return loading();
    },
    submit: () => Promise.resolve({ kind: 'accepted', revision: revision(1) } as CommandOutcome),
    close: () => Promise.resolve(true),
    stop: (reason: Error) => void stopped.push(reason),
  };
  const writer = witnessedWriter(
    inner,
    () => Promise.resolve(answer.problem),
    (error) => refused.push(error),
  );
  return { writer, answer, refused, stopped, loads: () => loads };
}

describe('witnessedWriter', () => {
  it('does not load a stream of which the store has less than is known: its checkpoint stays untouched', async () => {
    const { writer, answer, refused, loads } = witnessed();
    answer.problem = 'the event store is the older one';
    await expect(writer.load()).rejects.toThrow(StreamRefused);
    await expect(writer.submit(envelope)).rejects.toMatchObject({ isFinal: true });
    expect([loads(), writer.isStopped, refused.length]).toEqual([0, true, 1]);
  });

  it('refuses a stream that lost its beginning', async () => {
    const { writer } = witnessed(() => Promise.reject(new StreamTruncated('journal-led_1', revision(3))));
    await expect(writer.load()).rejects.toThrow(/lacks events/);
    expect(writer.isStopped).toBe(true);
  });

  it('stops a writer whose stream is lost while it runs', async () => {
    const { writer, answer, stopped } = witnessed();
    await writer.load();
    await writer.recheck();
    expect(await writer.submit(envelope)).toMatchObject({ kind: 'accepted' });
    answer.problem = 'the event store lost its beginning';
    await writer.recheck();
    expect(stopped).toHaveLength(1);
    await expect(writer.submit(envelope)).rejects.toThrow('lost its beginning');
  });
});
