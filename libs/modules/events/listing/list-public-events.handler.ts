import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { EventStore } from '@fintech-ledger/event-store';
import { isPersonal, PersonalValues } from '@fintech-ledger/privacy';
import { decodeCursor, encodeCursor, eventStorePort, FairTurns } from '@fintech-ledger/projection-runtime';
import type { At, PageRequest } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import { PublicEventRegistry } from '../catalogue/public-event-registry';
import type { PublicEventView } from '../catalogue/public-event-shape';
import { renderEvent } from '../catalogue/render-event';
import type { EventFilter, EventPlace, FoundPlace } from '../read-model/find-events';
import { publicEventQueriesPort } from '../read-model/queries';
import type { PublicEventQueries } from '../read-model/queries';
import { publicEventPagesAtOnce, publicEventPagesOfOneAtOnce } from './limits';
import { PublicEventSight } from './public-event-reader';
import type { PublicEventReader } from './public-event-reader';
import { readPlaces } from './read-places';
import type { ReadPlace } from './read-places';

/** Answers `At<PageOf<PublicEventView>>`, newest first. */
export class ListPublicEvents {
  constructor(
    readonly reader: PublicEventReader,
    readonly filter: Omit<EventFilter, 'after'>,
    readonly page: PageRequest,
  ) {}
}

type Page = PageOf<PublicEventView>;
const cursorKind = 'public_events';
const atOnce = { runningMax: publicEventPagesAtOnce, runningOfOwnerMax: publicEventPagesOfOneAtOnce };

@QueryHandler(ListPublicEvents)
export class ListPublicEventsHandler implements IQueryHandler<ListPublicEvents, At<Page>> {
  /** Apart, so that no page waits for others' windows to be found. */
  private readonly windows = new FairTurns({ of: 'event_windows', ...atOnce });
  private readonly turns = new FairTurns({ of: 'events', ...atOnce });

  constructor(
    @Inject(PublicEventSight) private readonly sight: PublicEventSight,
    @Inject(publicEventQueriesPort) private readonly queries: PublicEventQueries,
    @Inject(eventStorePort) private readonly store: Pick<EventStore, 'readStream'>,
    @Inject(PublicEventRegistry) private readonly registry: PublicEventRegistry,
    @Inject(PersonalValues) private readonly values: PersonalValues,
  ) {}

  /** @throws InvalidCursor @throws ReadModelHalted @throws ReadModelBehind @throws JournalDisagrees */
  async execute({ reader, filter, page }: ListPublicEvents): Promise<At<Page>> {
    const { limit, cursor } = page;
    const after = cursor === undefined ? {} : { after: placeOf(cursor) };
    await this.sight.reach(reader);
    const { organizationId } = reader;
    const find = () => this.queries.find(organizationId, { ...filter, ...after }, limit + 1);
    // Where a window lies is looked up in each stream of a sandbox whose clock was set.
    const isWindow = filter.fromMs !== undefined || filter.toMs !== undefined;
    const found = isWindow ? this.windows.run(organizationId, find) : find();
    const { result: places, revision } = await found;
    const read = await this.turns.run(organizationId, () => readPlaces(this.store, places.slice(0, limit)));
    const last = read.at(-1)?.place;
    const hasMore = read.length < places.length;
    const result: Page = {
      data: read.flatMap((one) => this.viewOf(one, organizationId, filter.name)),
      has_more: hasMore,
      next_cursor: hasMore && last !== undefined ? cursorOf(last) : null,
    };
    const hasPersonal = read.some(({ event }) => event !== undefined && isPersonal(event.data));
    return { result: hasPersonal ? await this.values.openIn(organizationId, result) : result, revision };
  }

  private viewOf(
    { place, event }: ReadPlace<FoundPlace>,
    organizationId: string,
    name: string | undefined,
  ): readonly PublicEventView[] {
    const type = this.registry.types.find((one) => one.name === place.type);
    if (event === undefined || type === undefined) return [];
    const rendered = renderEvent(this.registry, event, type);
    // Two streams may have one key.
    if (rendered?.organizationId !== organizationId) return [];
    if (rendered.recordedMs !== place.recordedMs) return [];
    return name === undefined || rendered.ids.includes(name) ? [rendered.view] : [];
  }
}

function cursorOf({ recordedMs, streamKey, revision, type }: EventPlace): string {
  return encodeCursor(cursorKind, [recordedMs, streamKey, revision, type]);
}

/** @throws InvalidCursor */
function placeOf(cursor: string): EventPlace {
  const key = decodeCursor(cursorKind, ['number', 'number', 'number', 'string'], cursor);
  const [recordedMs, streamKey, revision, type] = key as [number, number, number, string];
  return { recordedMs, streamKey, revision, type };
}
