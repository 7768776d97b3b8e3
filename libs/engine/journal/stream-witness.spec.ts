import { StreamTruncated, revision } from '@fintech-ledger/event-store';
import { StreamRefused, StreamWitness } from './stream-witness';

const stream = 'journal-led_1';

function witnessed(loading: () => Promise<void> = () => Promise.resolve()) {
  const answer: { problem?: string } = {};
  const refused: string[] = [];
  const stopped: Error[] = [];
  let loads = 0;
  const writer = {
    isStopped: false,
    load() {
      loads += 1;
      return loading();
    },
    stop(reason: Error) {
      writer.isStopped = true;
      stopped.push(reason);
    },
  };
  const witness = new StreamWitness({
    problemOf: () => Promise.resolve(answer.problem),
    onRefused: (of) => refused.push(of),
  });
  return { witness, writer, answer, refused, stopped, loads: () => loads };
}

describe('the witness of streams', () => {
  it('does not load a stream of which the store has less than is known: its checkpoint stays untouched', async () => {
    const { witness, writer, answer, refused, loads } = witnessed();
    answer.problem = 'the event store is the older one';
    const loading = witness.load(stream, writer);
    await expect(loading).rejects.toThrow(StreamRefused);
    await expect(loading).rejects.toMatchObject({
      isFinal: true,
      message: 'the event store is the older one',
    });
    expect([loads(), refused]).toEqual([0, [stream]]);
  });

  it('refuses a stream that lost its beginning', async () => {
    const { witness, writer, refused } = witnessed(() =>
      Promise.reject(new StreamTruncated(stream, revision(3))),
    );
    const loading = witness.load(stream, writer);
    await expect(loading).rejects.toThrow(StreamRefused);
    await expect(loading).rejects.toThrow(/lacks events/);
    expect(refused).toEqual([stream]);
  });

  it('passes on what else keeps a stream from being loaded', async () => {
    const { witness, writer, refused } = witnessed(() => Promise.reject(new Error('no database')));
    await expect(witness.load(stream, writer)).rejects.toThrow('no database');
    expect(refused).toEqual([]);
  });

  it('stops a writer whose stream is lost while it runs, once', async () => {
    const { witness, writer, answer, stopped } = witnessed();
    await witness.load(stream, writer);
    await witness.recheck(stream, writer);
    expect(stopped).toEqual([]);
    answer.problem = 'the event store lost its beginning';
    await witness.recheck(stream, writer);
    await witness.recheck(stream, writer);
    expect(stopped).toEqual([new StreamRefused('the event store lost its beginning')]);
  });
});
