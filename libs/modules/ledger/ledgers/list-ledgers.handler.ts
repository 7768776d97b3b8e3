import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At, PageRequest, OrganizationReader } from '@fintech-ledger/projection-runtime';
import type { LedgerView } from '@fintech-ledger/access/domain';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { ReadModels } from './read-models';

/** Answers `At<Page<LedgerView>>`. */
export class ListLedgers {
  constructor(
    readonly reader: OrganizationReader,
    readonly page: PageRequest,
  ) {}
}

@QueryHandler(ListLedgers)
export class ListLedgersHandler implements IQueryHandler<ListLedgers, At<Page<LedgerView>>> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute({ reader, page }: ListLedgers): Promise<At<Page<LedgerView>>> {
    const organization = await this.models.organization(reader);
    return organization.ledgers(reader.organizationId, page);
  }
}
