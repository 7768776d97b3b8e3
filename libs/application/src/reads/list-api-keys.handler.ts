import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At } from '../queries';
import type { ApiKeyView, Page } from '../views';
import { ListApiKeys } from './list-api-keys';
import { ReadModels } from './read-models';

@QueryHandler(ListApiKeys)
export class ListApiKeysHandler implements IQueryHandler<ListApiKeys, At<Page<ApiKeyView>>> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute({ reader, page }: ListApiKeys): Promise<At<Page<ApiKeyView>>> {
    const organization = await this.models.organization(reader);
    return organization.apiKeys(reader.organizationId, page);
  }
}
