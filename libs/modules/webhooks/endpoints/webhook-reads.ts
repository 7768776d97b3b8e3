import { reachPosition } from '@fintech-ledger/http';
import type { Acknowledged } from '@fintech-ledger/http';
import { found } from '@fintech-ledger/projection-runtime';
import type { At, OrganizationReader, PageRequest } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import { webhookEndpointNotFound } from '@fintech-ledger/webhooks/domain';
import type { WebhookEndpointView } from '@fintech-ledger/webhooks/domain';
import type { WebhookQueries } from '../read-model/queries';

/**
 * Reads the webhook endpoints of an organization, no older than its reader asked for, or than what was acknowledged
 * here.
 */
export class WebhookReads {
  constructor(
    private readonly queries: WebhookQueries,
    private readonly acknowledged: Acknowledged,
  ) {}

  /** @throws Refused `webhook_endpoint_not_found` @throws ReadModelHalted @throws ReadModelBehind */
  async endpoint(reader: OrganizationReader, endpointId: string): Promise<At<WebhookEndpointView>> {
    await this.reach(reader);
    const answer = await this.queries.endpoint(reader.organizationId, endpointId);
    return found(answer, webhookEndpointNotFound, `There is no webhook endpoint ${endpointId}.`);
  }

  /** @throws InvalidCursor @throws ReadModelHalted @throws ReadModelBehind */
  async endpoints(reader: OrganizationReader, page: PageRequest): Promise<At<PageOf<WebhookEndpointView>>> {
    await this.reach(reader);
    return this.queries.endpoints(reader.organizationId, page);
  }

  /**
   * How far the endpoints are read: what is in the outbox for them is read after that, also where they are deleted.
   * The outbox can be read while the read model is halted or behind: only a position that is asked for is waited for.
   * @throws ReadModelHalted @throws ReadModelBehind
   */
  async revision(reader: OrganizationReader): Promise<number> {
    const { organizationId, minRevision } = reader;
    const revision = await this.queries.revision(organizationId);
    if (minRevision === undefined || revision >= minRevision) return revision;
    await this.reach(reader);
    return this.queries.revision(organizationId);
  }

  private async reach(reader: OrganizationReader): Promise<void> {
    const { organizations } = this.acknowledged;
    await reachPosition(
      this.queries,
      organizations,
      reader.organizationId,
      reader,
      'The webhook endpoints have',
    );
  }
}
