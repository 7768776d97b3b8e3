import type { Acknowledged, ApiParts } from '@fintech-ledger/http';
import { acknowledgedPort } from '@fintech-ledger/projection-runtime';
import { DeliveriesController } from '../deliveries/deliveries.controller';
import { WebhookEndpointsController } from '../endpoints/endpoints.controller';
import { WebhookReads } from '../endpoints/webhook-reads';
import { WriteWebhookEndpointHandler } from '../endpoints/write-endpoint.handler';
import { ParkedEventsController } from '../parked/parked-events.controller';
import { ReplaysController } from '../replays/replays.controller';
import { webhookQueriesPort } from '../read-model/queries';
import type { WebhookQueries } from '../read-model/queries';

/** What the API's process composes of webhooks. Loading it loads Nest. */
export const webhooksApi: ApiParts = {
  controllers: [WebhookEndpointsController, DeliveriesController, ParkedEventsController, ReplaysController],
  providers: [
    {
      provide: WebhookReads,
      inject: [webhookQueriesPort, acknowledgedPort],
      useFactory: (queries: WebhookQueries, acknowledged: Acknowledged) =>
        new WebhookReads(queries, acknowledged),
    },
    WriteWebhookEndpointHandler,
  ],
};
