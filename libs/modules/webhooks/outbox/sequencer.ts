import { messageOf } from '@fintech-ledger/contract';
import { renderEvent, streamKey } from '@fintech-ledger/events';
import type { PublicEventRegistry } from '@fintech-ledger/events';
import { revision } from '@fintech-ledger/event-store';
import type { EventStore, RecordedEvent } from '@fintech-ledger/event-store';
import type { Logger } from '@fintech-ledger/logging';
import type { Database } from '@fintech-ledger/postgres';
import { JournalDisagrees } from '@fintech-ledger/projection-runtime';
import { findNews, takeNews } from './news';
import type { News, NewPlace, Taken, Told } from './news';
import { keepMessages } from './keep-messages';

export interface SequencerOptions {
  readonly db: Database;
  readonly store: Pick<EventStore, 'readStream'>;
  readonly registry: PublicEventRegistry;
  readonly nowMs: () => number;
  readonly log: Pick<Logger, 'error' | 'warn'>;
}

/** Makes messages of public events, and numbers them for each endpoint in the order in which it takes them. */
export class Sequencer {
  constructor(private readonly options: SequencerOptions) {}

  /** One round over all that is new. @returns whether there may be more at once */
  async run(signal?: AbortSignal): Promise<boolean> {
    const news = await findNews(this.options.db);
    let isMore = false;
    for (const one of news) {
      if (signal?.aborted === true) return false;
      try {
        isMore = (await this.take(one)) || isMore;
      } catch (error) {
        // One stream that can't be read holds up no other.
        const facts = { endpoint: one.endpoint.id, stream: one.stream, reason: messageOf(error) };
        this.options.log.warn(facts, 'no messages could be made of a stream; it is tried again');
      }
    }
    return isMore;
  }

  /** @returns whether there is more of this stream */
  private async take(news: News): Promise<boolean> {
    const { db, registry, nowMs } = this.options;
    const types = registry.named(news.endpoint.eventTypes);
    const taken = await takeNews(db, news, streamKey(news.stream), types);
    if (taken.through <= news.taken) return false;
    const told = await this.read(news, taken);
    for (const { revision: at, type, rendered } of told)
      if ('reason' in rendered)
        this.options.log.error(
          { endpoint: news.endpoint.id, stream: news.stream, revision: at, type, reason: rendered.reason },
          'ALARM: no message can be made of an event: it is parked, and the others go on',
        );
    const isKept = await keepMessages(db, { ...news, ...taken }, told, nowMs());
    return isKept && taken.through < news.reached;
  }

  private async read(news: News, { places }: Taken): Promise<readonly Told[]> {
    const events = new Map<number, RecordedEvent>();
    const wanted = [...new Set(places.map((place) => place.revision))];
    while (wanted.length > 0) {
      const from = wanted[0] ?? 0;
      let count = 1;
      while (wanted[count] === from + count) count += 1;
      const page = await this.options.store.readStream(news.stream, {
        from: revision(from),
        direction: 'forwards',
        limit: count,
      });
      if (page.length === 0) throw new Error(`the event store has no ${news.stream}@${from}`);
      for (const event of page) events.set(event.revision, event);
      wanted.splice(0, page.length);
    }
    return places.flatMap((place) => this.tell(news, place, events.get(place.revision)));
  }

  private tell({ organizationId }: News, place: NewPlace, event: RecordedEvent | undefined): readonly Told[] {
    const type = this.options.registry.types.find(({ name }) => name === place.type);
    if (event === undefined || type === undefined) return [];
    try {
      const rendered = renderEvent(this.options.registry, event, type);
      // Two streams may have one key.
      if (rendered === undefined || rendered.organizationId !== organizationId) return [];
      return [{ ...place, rendered }];
    } catch (error) {
      const reason =
        error instanceof JournalDisagrees ? error.message : `it can't be told: ${messageOf(error)}`;
      return [{ ...place, rendered: { reason } }];
    }
  }
}
