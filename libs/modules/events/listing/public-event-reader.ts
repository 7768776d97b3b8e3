import { journalPrefix, journalStream, organizationStream, streamOwner } from '@fintech-ledger/envelope';
import type { Acknowledged } from '@fintech-ledger/http';
import {
  acknowledgedWaitMs,
  haltedRetrySeconds,
  minPositionWaitMs,
  ReadModelBehind,
  ReadModelHalted,
} from '@fintech-ledger/projection-runtime';
import type { PublicEventQueries } from '../read-model/queries';

/** Who asks for the public events of an organization. */
export interface PublicEventReader {
  readonly organizationId: string;
  /** Only those of this ledger. */
  readonly ledgerId?: string;
  /** What must be in them, of the organization or of one of its ledgers. */
  readonly minPosition?: { readonly owner: string; readonly revision: number };
  readonly isEventual?: boolean;
}

type Queries = Pick<PublicEventQueries, 'standing' | 'haltedReason' | 'waitFor'>;
interface Wanted {
  readonly stream: string;
  readonly revision: number;
}

/** Sees to it that readers find what they may expect: what other read models have, and what was acknowledged here. */
export class PublicEventSight {
  constructor(
    private readonly queries: Queries,
    private readonly acknowledged: Acknowledged,
  ) {}

  /** @throws ReadModelHalted @throws ReadModelBehind */
  async reach(reader: PublicEventReader): Promise<void> {
    const { organizationId, ledgerId, minPosition, isEventual = false } = reader;
    const { behind, halted } = await this.standing(organizationId, ledgerId);
    if (halted !== undefined)
      throw new ReadModelHalted(haltedRetrySeconds, ledgerId ?? organizationId, halted);
    if (minPosition !== undefined)
      await this.wait(
        [{ ...minPosition, stream: streamOf(minPosition.owner, organizationId) }],
        minPositionWaitMs,
      );
    if (isEventual) return;
    const written = minPosition === undefined ? [...this.written(organizationId, ledgerId)] : [];
    await this.wait([...behind, ...(await Promise.all(written))], acknowledgedWaitMs);
  }

  private async standing(
    organizationId: string,
    ledgerId: string | undefined,
  ): ReturnType<Queries['standing']> {
    const standing = await this.queries.standing(organizationId);
    if (ledgerId === undefined) return standing;
    const stream = journalStream(ledgerId);
    return {
      behind: standing.behind.filter((one) => one.stream === stream),
      halted: await this.queries.haltedReason(stream),
    };
  }

  /** What this process has acknowledged of the organization, and the read models may not have. */
  private *written(organizationId: string, ledgerId: string | undefined): Generator<Promise<Wanted>> {
    const { ledgers, organizations } = this.acknowledged;
    if (ledgerId !== undefined) {
      const revision = ledgers.wanted(ledgerId);
      if (revision !== undefined) yield wanted(journalStream(ledgerId), revision);
      return;
    }
    const revision = organizations.wanted(organizationId);
    if (revision !== undefined) yield wanted(organizationStream(organizationId), revision);
    for (const { owner, revision } of ledgers.outstanding(organizationId))
      yield wanted(journalStream(owner), revision);
  }

  private async wait(all: readonly Wanted[], timeoutMs: number): Promise<void> {
    await Promise.all(
      all.map(async ({ stream, revision }) => {
        if (await this.queries.waitFor(stream, revision, timeoutMs)) return;
        throw new ReadModelBehind(1, `The events have not reached ${streamOwner(stream)}@${revision} yet.`);
      }),
    );
  }
}

async function wanted(stream: string, revision: number | Promise<number>): Promise<Wanted> {
  return { stream, revision: await revision };
}

function streamOf(owner: string, organizationId: string): string {
  return owner === organizationId ? organizationStream(owner) : `${journalPrefix}${owner}`;
}
