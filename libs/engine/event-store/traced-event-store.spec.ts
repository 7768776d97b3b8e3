import { recordSpans } from '@fintech-ledger/telemetry';
import type { SpanRecording } from '@fintech-ledger/telemetry';
import { MemoryEventStore } from './adapters/memory/memory-event-store';
import { describeEventStoreContract } from './contract-suite';
import { freshStream, someEvents } from './contract/contract-subject';
import { revision, WrongExpectedRevision } from './port';
import { tracedEventStore } from './traced-event-store';

const traceparents = [1, 2].map((n) => `00-${String(n).padStart(32, '0')}-00f067aa0ba902b7-01`);
const inner = new MemoryEventStore();
const store = tracedEventStore(inner, 'memory');
let recording: SpanRecording;

beforeAll(async () => {
  recording = await recordSpans();
});
beforeEach(() => recording.clear());
afterAll(async () => {
  await recording.stop();
  await inner.close();
});

describeEventStoreContract('memory, traced', { store: () => store, openAnother: () => undefined });

/** Two events of the first command, one of the second, one that is not traced. */
const events = () =>
  someEvents(4).map((event, i) => {
    const traceparent = [traceparents[0], traceparents[0], traceparents[1]][i];
    return traceparent === undefined
      ? event
      : { ...event, metadata: `{"traceparent":"${traceparent}","version":1}` };
  });

describe('tracedEventStore', () => {
  it('has a span of an append for each command in it', async () => {
    const stream = freshStream();
    await store.append(stream, 'no_stream', events());
    expect(recording.spans()).toMatchObject([
      {
        name: 'append',
        kind: 'client',
        traceId: '1'.padStart(32, '0'),
        parentSpanId: '00f067aa0ba902b7',
        attributes: { 'db.system.name': 'memory', 'ledger.stream': stream, 'ledger.events': 2 },
      },
      { traceId: '2'.padStart(32, '0'), attributes: { 'ledger.events': 1 }, isError: false },
    ]);
  });

  it('says that an append failed, and how', async () => {
    await expect(store.append(freshStream(), revision(7), events())).rejects.toThrow(WrongExpectedRevision);
    expect(recording.spans()).toMatchObject([
      { isError: true, attributes: { 'error.type': 'WrongExpectedRevision' } },
      { isError: true },
    ]);
  });
});
