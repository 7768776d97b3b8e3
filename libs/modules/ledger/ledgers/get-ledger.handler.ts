import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { refusedQuery } from '@fintech-ledger/projection-runtime';
import type { At, OrganizationReader } from '@fintech-ledger/projection-runtime';
import type { LedgerView } from '@fintech-ledger/access/domain';
import { LedgerDirectory } from './ledger-directory';
import { ReadModels } from './read-models';
import { ledgerNotFound } from './ledger-parameter';

/** Answers `At<LedgerView>`, at a revision of the organization: there the ledger was made. */
export class GetLedger {
  constructor(
    readonly reader: OrganizationReader,
    readonly ledgerId: string,
  ) {}
}

@QueryHandler(GetLedger)
export class GetLedgerHandler implements IQueryHandler<GetLedger, At<LedgerView>> {
  constructor(
    @Inject(LedgerDirectory) private readonly directory: LedgerDirectory,
    @Inject(ReadModels) private readonly models: ReadModels,
  ) {}

  async execute({ reader, ledgerId }: GetLedger): Promise<At<LedgerView>> {
    const { organizationId } = reader;
    const organization = await this.models.organization(reader);
    let { result, revision } = await organization.ledger(organizationId, ledgerId);
    // Created a moment ago, perhaps: what its creator may write to, he may read.
    if (result === null && (await this.directory.catchUp(organizationId))) {
      ({ result, revision } = await organization.ledger(organizationId, ledgerId));
    }
    if (result === null) throw refusedQuery(ledgerNotFound, `There is no ledger ${ledgerId}.`);
    return { result, revision };
  }
}
