import type { LedgerDirectory } from '../ledger-directory';
import { minPositionWaitMs } from '../limits';
import type { LedgerQueries, OrganizationQueries } from '../queries';
import { ReadModelBehind, refusedQuery } from '../refused';
import type { OrganizationReader, Reader } from './reader';

/** Opens the read models for a reader: his ledger only, and no older than he asked for. */
export class ReadModels {
  constructor(
    private readonly directory: LedgerDirectory,
    private readonly ledgers: LedgerQueries,
    private readonly organizations: OrganizationQueries,
  ) {}

  /** @throws Refused `ledger_not_found` @throws ReadModelBehind */
  async ledger(reader: Reader): Promise<LedgerQueries> {
    await this.check(reader);
    const { ledgerId, minRevision } = reader;
    if (minRevision !== undefined) {
      const isThere = await this.ledgers.waitFor(ledgerId, minRevision, minPositionWaitMs);
      if (!isThere) throw behind(ledgerId, minRevision);
    }
    return this.ledgers;
  }

  /** Without asking the read models for a position. @throws Refused `ledger_not_found` */
  async check({ organizationId, ledgerId }: Reader): Promise<void> {
    if (!(await this.directory.belongs(organizationId, ledgerId))) {
      throw refusedQuery('ledger_not_found', `There is no ledger ${ledgerId}.`);
    }
  }

  /** @throws ReadModelBehind */
  async organization({ organizationId, minRevision }: OrganizationReader): Promise<OrganizationQueries> {
    if (minRevision !== undefined) {
      const isThere = await this.organizations.waitFor(organizationId, minRevision, minPositionWaitMs);
      if (!isThere) throw behind(organizationId, minRevision);
    }
    return this.organizations;
  }
}

function behind(owner: string, revision: number): ReadModelBehind {
  return new ReadModelBehind(1, `The read models have not reached ${owner}@${revision} yet.`);
}
