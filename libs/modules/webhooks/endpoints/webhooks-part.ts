import { missingOrganization, organizationAnswer, organizationKey } from '@fintech-ledger/access/domain';
import type { DomainPart } from '@fintech-ledger/journal';
import {
  decideWebhooks,
  endpointCountKey,
  endpointKey,
  evolveWebhooks,
  webhookAnswerView,
  webhookEvents,
} from '@fintech-ledger/webhooks/domain';
import type { WebhookCommand, WebhookEvent, WebhookRecord } from '@fintech-ledger/webhooks/domain';

/** What happens to the webhook endpoints of an organization. Without the organization all of it is refused. */
export const webhooksPart: DomainPart<WebhookCommand, WebhookEvent, WebhookRecord> = {
  commands: {
    CreateWebhookEndpoint: true,
    ChangeWebhookEndpoint: true,
    DeleteWebhookEndpoint: true,
    RotateWebhookSecret: true,
    EnableWebhookEndpoint: true,
    DisableWebhookEndpoint: true,
  },
  events: webhookEvents,
  records: { webhook_endpoint: endpointKey(''), webhook_endpoint_count: endpointCountKey },
  reads: (command) =>
    command.type === 'CreateWebhookEndpoint'
      ? [organizationKey, endpointCountKey]
      : [organizationKey, endpointKey(command.endpointId)],
  decide(view, command, context) {
    const missing = missingOrganization(view, context.organizationId);
    return missing === undefined
      ? decideWebhooks(view, command, context)
      : { kind: 'refused', refusal: missing };
  },
  evolve: evolveWebhooks,
  answer: (request) => organizationAnswer(request, webhookAnswerView(request.events[0])),
};
