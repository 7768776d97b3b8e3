import { reachPosition } from '@fintech-ledger/http/base';
import type { Acknowledged, AcknowledgedPositions } from '@fintech-ledger/http';
import type { Followed, OrganizationReader, Reader } from '@fintech-ledger/projection-runtime';
import type { OrganizationQueries } from '@fintech-ledger/access';
import type { LedgerQueries } from '../read-model/queries';
import type { LedgerDirectory } from './ledger-directory';
import { refusedQuery } from '@fintech-ledger/projection-runtime';
import { ledgerNotFound } from './ledger-parameter';

/** Opens the read models for a reader: his ledger only, and no older than he asked for, or than what this process has acknowledged. */
export class ReadModels {
  constructor(
    private readonly directory: LedgerDirectory,
    private readonly ledgers: LedgerQueries,
    private readonly organizations: OrganizationQueries,
    private readonly acknowledged: Acknowledged,
  ) {}

  /** @throws Refused `ledger_not_found` @throws ReadModelHalted @throws ReadModelBehind */
  async ledger(reader: Reader): Promise<LedgerQueries> {
    await this.check(reader);
    await reach(this.ledgers, this.acknowledged.ledgers, reader.ledgerId, reader);
    return this.ledgers.inTurn?.(reader) ?? this.ledgers;
  }

  /**
   * Without asking the read models of the ledger for a position.
   * @throws Refused `ledger_not_found` @throws ReadModelHalted @throws ReadModelBehind
   */
  async check({ organizationId, ledgerId, minOrganizationRevision: minRevision }: Reader): Promise<void> {
    // What is there need not be waited for, though what comes after it may be halted.
    if (minRevision !== undefined && !(await this.organizations.waitFor(organizationId, minRevision, 0)))
      await this.organization({ organizationId, minRevision });
    if (!(await this.directory.belongs(organizationId, ledgerId))) {
      throw refusedQuery(ledgerNotFound, `There is no ledger ${ledgerId}.`);
    }
  }

  /** @throws ReadModelHalted @throws ReadModelBehind */
  async organization(reader: OrganizationReader): Promise<OrganizationQueries> {
    const { organizationId } = reader;
    await reach(this.organizations, this.acknowledged.organizations, organizationId, reader);
    return this.organizations;
  }
}

async function reach(
  queries: Followed,
  acknowledged: AcknowledgedPositions,
  owner: string,
  reader: OrganizationReader,
): Promise<void> {
  const revision = await reachPosition(queries, acknowledged, owner, reader, 'The read models have');
  if (revision !== undefined) acknowledged.seen(owner, revision);
}
