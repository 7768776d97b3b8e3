import { messageOf } from '@fintech-ledger/contract';
import { streamKey } from '@fintech-ledger/events';
import type { PublicEventRegistry } from '@fintech-ledger/events';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Logger } from '@fintech-ledger/logging';
import type { Database } from '@fintech-ledger/postgres';
import { findNews, hasEndpoints, takeNews } from './news';
import type { WhereNews } from './news-watch';
import type { Found, News } from './news';
import { keepMessages } from './keep-messages';
import { passOver } from './pass-over';
import { hasUnreadChanges } from './unread-changes';
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

/** Endpoints of an organization that is far behind, in one round: each is passed over what it is not told. */
const passedOverMax = 5;

/** Makes messages of public events, and numbers them for each endpoint in the order in which it takes them. */
export class Sequencer {
  /** Whether there are endpoints, as of the last look. */
  isWanted = true;

  constructor(private readonly options: SequencerOptions) {}

  /** One round over what is new. @returns where there is more */
  async run(where: WhereNews = 'anywhere', signal?: AbortSignal): Promise<WhereNews> {
    if (where.length === 0) return [];
    const found = await findNews(this.options.db, where);
    this.isWanted = found.news.length > 0 || (await hasEndpoints(this.options.db));
    const more = new Set<string>();
    const passing = new Passing(found);
    const isCurrent = this.current();
    let isAny = false;
    for (const one of found.news) {
      if (signal?.aborted === true) return [];
      try {
        // Projectors tell when the read model has the change.
        if (!(await isCurrent(one))) continue;
        if (passing.isNext(one)) {
          passing.begun(one);
          const streams = await this.passOver(one, where);
          passing.passed(one, streams);
          isAny ||= streams.size > 0;
        }
        if (passing.isOver(one)) continue;
        const taken = await this.take(one);
        isAny ||= taken !== 'nothing';
        if (taken === 'more') more.add(String(streamKey(one.stream)));
      } catch (error) {
        // One stream that can't be read holds up no other.
        const facts = { endpoint: one.endpoint.id, stream: one.stream, reason: messageOf(error) };
        this.options.log.warn(facts, 'no messages could be made of a stream; it is tried again');
      }
    }
    // Where nothing could be taken it is tried again with the next look at everything.
    return found.isMore && isAny ? where : [...more];
  }

  /**
   * Whether the endpoints of an organization are as they were found, for all that its streams had then: the read model
   * of events may have one that was recorded after a change which that of endpoints does not have. Asked once.
   */
  private current(): (one: News) => Promise<boolean> {
    const known = new Map<string, Promise<boolean>>();
    return (one) => {
      const asked = known.get(one.organizationId) ?? this.isCurrent(one);
      known.set(one.organizationId, asked);
      return asked;
    };
  }

  private async isCurrent({ organizationId, endpointsAt }: News): Promise<boolean> {
    return !(await hasUnreadChanges(this.options, organizationId, endpointsAt));
  }

  private passOver(one: News, where: WhereNews): Promise<ReadonlySet<string>> {
    const types = this.typesOf(one);
    return passOver(this.options.db, { to: one, types, where, isCurrent: () => this.isCurrent(one) });
  }

  private typesOf({ endpoint }: News): readonly string[] {
    return this.options.registry.named(endpoint.eventTypes);
  }

  /** @returns whether there is more of this stream */
  private async take(news: News): Promise<'nothing' | 'all' | 'more'> {
    const { db, nowMs, log, made } = this.options;
    // What came since then may be of other types.
    const wanted = { ...news, fromMs: Math.max(news.createdMs, news.takenMs), last: news.reached };
    const taken = await takeNews(db, wanted, this.typesOf(news));
    if (taken.through <= news.taken) return 'nothing';
    const told = await tellPlaces(this.options, news, taken.places);
    reportParked(log, news, told);
    const isKept = await keepMessages(db, { ...news, ...taken }, told, nowMs());
    if (isKept && told.length > 0) made?.();
    if (!isKept) return 'nothing';
    return taken.through < news.reached ? 'more' : 'all';
  }
}

/** What one round passes over: endpoints of organizations that are far behind, a few of each. */
class Passing {
  private readonly streams = new Map<string, ReadonlySet<string>>();
  private readonly counts = new Map<string, number>();

  constructor(private readonly found: Found) {}

  isNext({ endpoint, organizationId }: News): boolean {
    if (!this.found.behind.has(organizationId) || this.streams.has(endpoint.id)) return false;
    return (this.counts.get(organizationId) ?? 0) < passedOverMax;
  }

  /** Whatever comes of it, it is not done twice. */
  begun({ endpoint, organizationId }: News): void {
    this.streams.set(endpoint.id, new Set());
    this.counts.set(organizationId, (this.counts.get(organizationId) ?? 0) + 1);
  }

  passed({ endpoint }: News, streams: ReadonlySet<string>): void {
    this.streams.set(endpoint.id, streams);
  }

  /** Nothing is to be taken of it now: it was passed over, or is in a later round. */
  isOver({ endpoint, organizationId, stream }: News): boolean {
    const streams = this.streams.get(endpoint.id);
    return streams === undefined ? this.found.behind.has(organizationId) : streams.has(stream);
  }
}
