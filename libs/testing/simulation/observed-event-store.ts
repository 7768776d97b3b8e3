import { revision } from '@fintech-ledger/event-store';
import type {
  AppendResult,
  EventStore,
  EventToAppend,
  ExpectedRevision,
  RecordedEvent,
} from '@fintech-ledger/event-store';
import { insist } from '../insist';

/** Tells of every event at the moment when it is stored, and holds a repeated append against what it repeats. */
export class ObservedEventStore implements EventStore {
  constructor(
    private readonly inner: EventStore,
    private readonly onEvent: (event: RecordedEvent) => void,
  ) {}

  get limits(): EventStore['limits'] {
    return this.inner.limits;
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<AppendResult> {
    const result = await this.inner.append(stream, expected, events);
    const from = revision(result.revision - events.length + 1);
    const stored = await this.inner.readStream(stream, { from, limit: events.length });
    stored.forEach((event, i) => {
      insist(
        event.data === events[i]?.data && event.metadata === events[i]?.metadata,
        () => `an append was answered as stored at ${event.revision}, where something else is`,
      );
      if (!result.repeated) this.onEvent(event);
    });
    return result;
  }

  readStream: EventStore['readStream'] = (...args) => this.inner.readStream(...args);
  subscribe: EventStore['subscribe'] = (...args) => this.inner.subscribe(...args);
  countAfter: EventStore['countAfter'] = (...args) => this.inner.countAfter(...args);
  lastPosition: EventStore['lastPosition'] = () => this.inner.lastPosition();
  close: EventStore['close'] = () => this.inner.close();
}
