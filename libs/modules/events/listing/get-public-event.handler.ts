import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { EventStore } from '@fintech-ledger/event-store';
import { eventStorePort, refusedQuery } from '@fintech-ledger/projection-runtime';
import { PersonalValues } from '@fintech-ledger/privacy';
import type { At } from '@fintech-ledger/projection-runtime';
import { placeInEventId } from '../catalogue/event-id';
import { PublicEventRegistry } from '../catalogue/public-event-registry';
import type { PublicEventView } from '../catalogue/public-event-shape';
import { renderEvent } from '../catalogue/render-event';
import { publicEventQueriesPort } from '../read-model/queries';
import type { PublicEventQueries } from '../read-model/queries';
import { eventNotFound } from './event-parameter';
import { PublicEventSight } from './public-event-reader';
import type { PublicEventReader } from './public-event-reader';
import { readPlaces } from './read-places';

/** Answers `At<PublicEventView>`. */
export class GetPublicEvent {
  constructor(
    readonly reader: PublicEventReader,
    readonly eventId: string,
  ) {}
}

@QueryHandler(GetPublicEvent)
export class GetPublicEventHandler implements IQueryHandler<GetPublicEvent, At<PublicEventView>> {
  constructor(
    @Inject(PublicEventSight) private readonly sight: PublicEventSight,
    @Inject(publicEventQueriesPort) private readonly queries: PublicEventQueries,
    @Inject(eventStorePort) private readonly store: Pick<EventStore, 'readStream'>,
    @Inject(PublicEventRegistry) private readonly registry: PublicEventRegistry,
    @Inject(PersonalValues) private readonly values: PersonalValues,
  ) {}

  /** @throws Refused `event_not_found` @throws ReadModelHalted @throws ReadModelBehind @throws JournalDisagrees */
  async execute({ reader, eventId }: GetPublicEvent): Promise<At<PublicEventView>> {
    await this.sight.reach(reader);
    const { organizationId } = reader;
    const birth = placeInEventId(eventId);
    const type = birth === undefined ? undefined : this.registry.typeOfMark(birth.mark);
    if (birth !== undefined && type !== undefined) {
      const { result: places, revision } = await this.queries.findBorn(organizationId, type.name, birth);
      for (const { event } of await readPlaces(this.store, places)) {
        const rendered = event === undefined ? undefined : renderEvent(this.registry, event, type);
        if (rendered?.view.id === eventId && rendered.organizationId === organizationId)
          return { result: await this.values.openIn(organizationId, rendered.view), revision };
      }
    }
    throw refusedQuery(eventNotFound, `There is no event ${eventId}.`);
  }
}
