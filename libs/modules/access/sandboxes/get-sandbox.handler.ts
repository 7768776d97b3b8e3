import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { refusedQuery } from '@fintech-ledger/projection-runtime';
import type { At, OrganizationReader } from '@fintech-ledger/projection-runtime';
import { sandboxNotFound } from '@fintech-ledger/access/domain';
import type { SandboxView } from '@fintech-ledger/access/domain';
import { ReadModels } from '@fintech-ledger/ledger';

/** Answers `At<SandboxView>`, of the caller's organization alone. @throws Refused `sandbox_not_found` */
export class GetSandbox {
  constructor(
    readonly reader: OrganizationReader,
    readonly sandboxId: string,
  ) {}
}

@QueryHandler(GetSandbox)
export class GetSandboxHandler implements IQueryHandler<GetSandbox, At<SandboxView>> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute({ reader, sandboxId }: GetSandbox): Promise<At<SandboxView>> {
    const organization = await this.models.organization(reader);
    const { result, revision } = await organization.sandbox(reader.organizationId, sandboxId);
    if (result === null) throw refusedQuery(sandboxNotFound, `There is no sandbox ${sandboxId}.`);
    return { result, revision };
  }
}
