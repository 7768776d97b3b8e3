import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At, PageRequest, OrganizationReader } from '@fintech-ledger/projection-runtime';
import type { UnitView } from '@fintech-ledger/access/domain';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { ReadModels } from '../ledgers/read-models';

/** Answers `At<Page<UnitView>>`. */
export class ListUnits {
  constructor(
    readonly reader: OrganizationReader,
    readonly page: PageRequest,
  ) {}
}

@QueryHandler(ListUnits)
export class ListUnitsHandler implements IQueryHandler<ListUnits, At<Page<UnitView>>> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute({ reader, page }: ListUnits): Promise<At<Page<UnitView>>> {
    const organization = await this.models.organization(reader);
    return organization.units(reader.organizationId, page);
  }
}
