import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At, PageRequest, OrganizationReader } from '@fintech-ledger/projection-runtime';
import type { SandboxView } from '@fintech-ledger/access/domain';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { ReadModels } from '@fintech-ledger/ledger';

/** Answers `At<Page<SandboxView>>`; of a sandbox none. */
export class ListSandboxes {
  constructor(
    readonly reader: OrganizationReader,
    readonly page: PageRequest,
  ) {}
}

@QueryHandler(ListSandboxes)
export class ListSandboxesHandler implements IQueryHandler<ListSandboxes, At<Page<SandboxView>>> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute({ reader, page }: ListSandboxes): Promise<At<Page<SandboxView>>> {
    const organization = await this.models.organization(reader);
    return organization.sandboxes(reader.organizationId, page);
  }
}
