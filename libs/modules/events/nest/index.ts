import type { ApiParts, Acknowledged } from '@fintech-ledger/http';
import { PersonalValues, subjectKeysPort } from '@fintech-ledger/privacy';
import type { SubjectKeys } from '@fintech-ledger/privacy';
import { acknowledgedPort } from '@fintech-ledger/projection-runtime';
import { PublicEventRegistry } from '../catalogue/public-event-registry';
import { GetPublicEventHandler } from '../listing/get-public-event.handler';
import { ListPublicEventsHandler } from '../listing/list-public-events.handler';
import { PublicEventSight } from '../listing/public-event-reader';
import { publicEventsController } from '../listing/public-events.controller';
import { publicEventQueriesPort } from '../read-model/queries';
import type { PublicEventQueries } from '../read-model/queries';

/** What the API's process composes of public events. Loading it loads Nest. */
export function eventsApi(registry: PublicEventRegistry): ApiParts {
  return {
    controllers: [publicEventsController(registry.types)],
    providers: [
      { provide: PublicEventRegistry, useValue: registry },
      {
        provide: PublicEventSight,
        inject: [publicEventQueriesPort, acknowledgedPort],
        useFactory: (queries: PublicEventQueries, acknowledged: Acknowledged) =>
          new PublicEventSight(queries, acknowledged),
      },
      {
        provide: PersonalValues,
        inject: [subjectKeysPort],
        useFactory: (keys: SubjectKeys) => new PersonalValues(keys),
      },
      ListPublicEventsHandler,
      GetPublicEventHandler,
    ],
  };
}
