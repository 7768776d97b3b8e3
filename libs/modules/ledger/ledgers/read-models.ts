import type { Acknowledged, AcknowledgedPositions } from '@fintech-ledger/http';
import type { OrganizationReader, Reader } from '@fintech-ledger/projection-runtime';
import type { OrganizationQueries } from '@fintech-ledger/access';
import type { LedgerQueries } from '../read-model/queries';
import type { LedgerDirectory } from './ledger-directory';
import {
  acknowledgedWaitMs,
  haltedRetrySeconds,
  minPositionWaitMs,
  ReadModelBehind,
  ReadModelHalted,
  refusedQuery,
} from '@fintech-ledger/projection-runtime';
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

  /** Without asking the read models for a position. @throws Refused `ledger_not_found` */
  async check({ organizationId, ledgerId }: Reader): Promise<void> {
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
  queries: Pick<LedgerQueries, 'waitFor' | 'haltedReason'>,
  acknowledged: AcknowledgedPositions,
  owner: string,
  { minRevision, isEventual = false }: OrganizationReader,
): Promise<void> {
  const reason = await queries.haltedReason(owner);
  if (reason !== undefined) throw new ReadModelHalted(haltedRetrySeconds, owner, reason);
  if (minRevision !== undefined) {
    if (!(await queries.waitFor(owner, minRevision, minPositionWaitMs))) throw behind(owner, minRevision);
    acknowledged.seen(owner, minRevision);
    return;
  }
  const wanted = isEventual ? undefined : acknowledged.wanted(owner);
  if (wanted === undefined) return;
  const revision = await wanted;
  if (!(await queries.waitFor(owner, revision, acknowledgedWaitMs))) throw behind(owner, revision);
  acknowledged.seen(owner, revision);
}

function behind(owner: string, revision: number): ReadModelBehind {
  return new ReadModelBehind(1, `The read models have not reached ${owner}@${revision} yet.`);
}
