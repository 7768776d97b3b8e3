import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { LedgerDirectory } from '../ledger-directory';
import { organizationQueriesPort } from '../ports';
import type { OrganizationQueries } from '../queries';
import { refusedQuery } from '../refused';
import type { LedgerView } from '../views';
import { GetLedger } from './get-ledger';

@QueryHandler(GetLedger)
export class GetLedgerHandler implements IQueryHandler<GetLedger, LedgerView> {
  constructor(
    @Inject(LedgerDirectory) private readonly directory: LedgerDirectory,
    @Inject(organizationQueriesPort) private readonly organizations: OrganizationQueries,
  ) {}

  async execute({ reader: { organizationId, ledgerId } }: GetLedger): Promise<LedgerView> {
    const ledger =
      (await this.organizations.ledger(organizationId, ledgerId)) ??
      // Created a moment ago, perhaps: what its creator may write to, he may read.
      ((await this.directory.catchUp(organizationId))
        ? await this.organizations.ledger(organizationId, ledgerId)
        : null);
    if (ledger === null) throw refusedQuery('ledger_not_found', `There is no ledger ${ledgerId}.`);
    return ledger;
  }
}
