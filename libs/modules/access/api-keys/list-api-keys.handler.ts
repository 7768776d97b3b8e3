import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At, PageRequest, OrganizationReader } from '@fintech-ledger/projection-runtime';
import type { ListedApiKeyView } from '@fintech-ledger/access/domain';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { ReadModels } from '@fintech-ledger/ledger';

/** Answers `At<Page<ListedApiKeyView>>`. */
export class ListApiKeys {
  constructor(
    readonly reader: OrganizationReader,
    readonly page: PageRequest,
  ) {}
}

@QueryHandler(ListApiKeys)
export class ListApiKeysHandler implements IQueryHandler<ListApiKeys, At<Page<ListedApiKeyView>>> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute({ reader, page }: ListApiKeys): Promise<At<Page<ListedApiKeyView>>> {
    const organization = await this.models.organization(reader);
    return organization.apiKeys(reader.organizationId, page);
  }
}
