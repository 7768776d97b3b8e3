import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At, PageRequest, OrganizationReader } from '@fintech-ledger/projection-runtime';
import type { ListedApiKeyView } from '@fintech-ledger/access/domain';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { ReadModels } from '@fintech-ledger/ledger';
import { lastUsesPort } from '../read-model/queries';
import type { LastUses } from '../uses/api-key-uses';

/** Answers `At<Page<ListedApiKeyView>>`. */
export class ListApiKeys {
  constructor(
    readonly reader: OrganizationReader,
    readonly page: PageRequest,
  ) {}
}

@QueryHandler(ListApiKeys)
export class ListApiKeysHandler implements IQueryHandler<ListApiKeys, At<Page<ListedApiKeyView>>> {
  constructor(
    @Inject(ReadModels) private readonly models: ReadModels,
    @Inject(lastUsesPort) private readonly uses: LastUses,
  ) {}

  async execute({ reader, page }: ListApiKeys): Promise<At<Page<ListedApiKeyView>>> {
    const organization = await this.models.organization(reader);
    const { result, ...at } = await organization.apiKeys(reader.organizationId, page);
    const uses = await this.uses.of(result.data.map(({ id }) => id));
    const data = result.data.map((key) => ({ ...key, last_used_at: uses.get(key.id) ?? null }));
    return { ...at, result: { ...result, data } };
  }
}
