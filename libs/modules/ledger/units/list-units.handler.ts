import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At } from '@fintech-ledger/projection-runtime';
import type { UnitView } from '@fintech-ledger/access/domain';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { ListUnits } from './list-units';
import { ReadModels } from '../ledgers/read-models';

@QueryHandler(ListUnits)
export class ListUnitsHandler implements IQueryHandler<ListUnits, At<Page<UnitView>>> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute({ reader, page }: ListUnits): Promise<At<Page<UnitView>>> {
    const organization = await this.models.organization(reader);
    return organization.units(reader.organizationId, page);
  }
}
