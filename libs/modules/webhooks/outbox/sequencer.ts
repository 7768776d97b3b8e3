import { messageOf } from '@fintech-ledger/contract';
import { streamKey } from '@fintech-ledger/events';
import type { PublicEventRegistry } from '@fintech-ledger/events';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Logger } from '@fintech-ledger/logging';
import type { Database } from '@fintech-ledger/postgres';
import { findNews, hasEndpoints, newsFoundMax, takeNews } from './news';
import type { WhereNews } from './news-watch';
import type { News } from './news';
import { keepMessages } from './keep-messages';
import { reportParked } from '../parked/park-events';
import { tellPlaces } from './tell-places';

export interface SequencerOptions {
  readonly db: Database;
  readonly store: Pick<EventStore, 'readStream'>;
  readonly registry: PublicEventRegistry;
  readonly nowMs: () => number;
  readonly log: Pick<Logger, 'error' | 'warn'>;
  /** There are messages to send. */
  readonly made?: () => void;
}

/** Makes messages of public events, and numbers them for each endpoint in the order in which it takes them. */
export class Sequencer {
  /** Whether there are endpoints, as of the last look. */
  isWanted = true;

  constructor(private readonly options: SequencerOptions) {}

  /** One round over what is new. @returns where there is more */
  async run(where: WhereNews = 'anywhere', signal?: AbortSignal): Promise<WhereNews> {
    if (where.length === 0) return [];
    const news = await findNews(this.options.db, where);
    this.isWanted = news.length > 0 || (await hasEndpoints(this.options.db));
    const more = new Set<string>();
    for (const one of news) {
      if (signal?.aborted === true) return [];
      try {
        if (await this.take(one)) more.add(String(streamKey(one.stream)));
      } catch (error) {
        // One stream that can't be read holds up no other.
        const facts = { endpoint: one.endpoint.id, stream: one.stream, reason: messageOf(error) };
        this.options.log.warn(facts, 'no messages could be made of a stream; it is tried again');
      }
    }
    return news.length === newsFoundMax ? 'anywhere' : [...more];
  }

  /** @returns whether there is more of this stream */
  private async take(news: News): Promise<boolean> {
    const { db, registry, nowMs, log, made } = this.options;
    const types = registry.named(news.endpoint.eventTypes);
    const wanted = { ...news, fromMs: Math.max(news.createdMs, news.takenMs) };
    const taken = await takeNews(db, wanted, types);
    if (taken.through <= news.taken) return false;
    const told = await tellPlaces(this.options, news, taken.places);
    reportParked(log, news, told);
    const isKept = await keepMessages(db, { ...news, ...taken }, told, nowMs());
    if (isKept && told.length > 0) made?.();
    return isKept && taken.through < news.reached;
  }
}
