import type { OrganizationQueries } from '@fintech-ledger/access';
import { journalStream, streamOwner } from '@fintech-ledger/envelope';
import { principalOf, readerOfAll } from '@fintech-ledger/http';
import type { Acknowledged, ApiRequest } from '@fintech-ledger/http';
import type { LedgerDirectory } from '@fintech-ledger/ledger';
import {
  acknowledgedWaitMs,
  haltedRetrySeconds,
  minPositionWaitMs,
  ReadModelBehind,
  ReadModelHalted,
} from '@fintech-ledger/projection-runtime';
import type { LedgerTransferQueries } from '../read-model/queries';
import { behindMax } from '../read-model/standing';

type Queries = Pick<LedgerTransferQueries, 'haltedLedger' | 'standing' | 'standingOfAll' | 'waitFor'>;
type Organizations = Pick<OrganizationQueries, 'waitFor'>;

/** What a reader asks for. */
export interface Asked {
  readonly organizationId: string;
  /** What there is will do. */
  readonly isEventual: boolean;
  /** Such a position was said, and is reached: what else was acknowledged is not waited for. */
  readonly isPlaced: boolean;
}

/** A stream that is to be read up to a revision. */
interface Place {
  readonly stream: string;
  readonly revision: number;
}

/**
 * Sees to it that readers find what they may expect: what other read models have, and what was acknowledged here. It
 * looks at the ledgers that are read, and at no others.
 */
export class TransferSight {
  constructor(
    private readonly queries: Queries,
    private readonly organizations: Organizations,
    private readonly directory: Pick<LedgerDirectory, 'belongs'>,
    private readonly acknowledged: Acknowledged,
  ) {}

  /**
   * Waits for the position that a request says, if it is of the organization or of its ledgers.
   * @throws ApiProblem `invalid_position` @throws ReadModelBehind
   */
  async asked(request: ApiRequest): Promise<Asked> {
    const { organizationId, isEventual, minPosition } = await readerOfAll(request, this.directory);
    if (minPosition !== undefined) await this.reachPosition(organizationId, minPosition);
    return { organizationId, isEventual, isPlaced: minPosition !== undefined };
  }

  /** Of a command, which says no position. */
  askedByCommand(request: ApiRequest): Asked {
    return { organizationId: principalOf(request).organizationId, isEventual: false, isPlaced: false };
  }

  /**
   * Before these ledgers are read, or after: then it says whether something was missing.
   * @returns whether anything had to be waited for
   * @throws ReadModelHalted @throws ReadModelBehind
   */
  async reach(asked: Asked, ledgerIds: readonly string[]): Promise<boolean> {
    const { behind, halted } = await this.queries.standing(asked.organizationId, ledgerIds);
    if (halted !== undefined) throw new ReadModelHalted(haltedRetrySeconds, halted.ledgerId, halted.reason);
    if (asked.isEventual) return false;
    const read = new Set(ledgerIds.map(journalStream));
    return this.waitForAll([...behind, ...this.written(asked).filter(({ stream }) => read.has(stream))]);
  }

  /** Before a list over all ledgers is read. @throws ReadModelHalted of any of them @throws ReadModelBehind */
  async reachWritten(asked: Asked): Promise<void> {
    const halted = await this.queries.haltedLedger(asked.organizationId);
    if (halted !== undefined) throw new ReadModelHalted(haltedRetrySeconds, halted.ledgerId, halted.reason);
    if (!asked.isEventual) await this.waitForAll(this.written(asked));
  }

  /** Before it is said that there is none: it may be in any ledger. @throws ReadModelHalted @throws ReadModelBehind */
  async reachAll(asked: Asked): Promise<void> {
    await this.reachWritten(asked);
    if (asked.isEventual) return;
    let behind: readonly Place[];
    do {
      ({ behind } = await this.queries.standingOfAll(asked.organizationId));
      await this.waitForAll(behind);
    } while (behind.length >= behindMax);
  }

  private async reachPosition(
    organizationId: string,
    { owner, revision }: { readonly owner: string; readonly revision: number },
  ): Promise<void> {
    if (owner === organizationId) {
      if (await this.organizations.waitFor(owner, revision, minPositionWaitMs)) return;
      throw behindAt(owner, revision);
    }
    await this.wait(journalStream(owner), revision, minPositionWaitMs);
  }

  /** What this process has acknowledged of the organization's ledgers, and the read model may not have. */
  private written({ isPlaced, organizationId }: Asked): readonly Place[] {
    if (isPlaced) return [];
    return this.acknowledged.ledgers
      .outstanding(organizationId)
      .map(({ owner, revision }) => ({ stream: journalStream(owner), revision }));
  }

  private async waitForAll(places: readonly Place[]): Promise<boolean> {
    await Promise.all(places.map(({ revision, stream }) => this.wait(stream, revision, acknowledgedWaitMs)));
    return places.length > 0;
  }

  private async wait(stream: string, revision: number, timeoutMs: number): Promise<void> {
    if (await this.queries.waitFor(stream, revision, timeoutMs)) return;
    throw behindAt(streamOwner(stream), revision);
  }
}

const behindAt = (owner: string, revision: number): ReadModelBehind =>
  new ReadModelBehind(1, `The transfers have not reached ${owner}@${revision} yet.`);
