import { BoundedMap } from '@fintech-ledger/contract';
import { organizationStream } from '@fintech-ledger/envelope';
import type { EventStore } from '@fintech-ledger/event-store';
import { minPositionWaitMs, ReadModelBehind } from '@fintech-ledger/projection-runtime';
import { knownLedgersMax } from './limits';
import type { OrganizationQueries } from '@fintech-ledger/access';

/** What never changes of a ledger. */
export interface KnownLedger {
  readonly organizationId: string;
  /** The module that manages it; undefined: none. */
  readonly managed: string | undefined;
}

/** Which ledger belongs to whom, and who manages it. That never changes, so what was once found is remembered. */
export class LedgerDirectory {
  private readonly ledgers = new BoundedMap<string, KnownLedger>(knownLedgersMax);

  constructor(
    private readonly organizations: OrganizationQueries,
    private readonly store: Pick<EventStore, 'readStream'>,
  ) {}

  /** From memory alone; undefined: ask `find`. */
  known(ledgerId: string): KnownLedger | undefined {
    return this.ledgers.get(ledgerId);
  }

  remember(ledgerId: string, ledger: KnownLedger): void {
    this.ledgers.set(ledgerId, ledger);
  }

  /** Whether the ledger exists and is this organization's. @throws ReadModelBehind */
  async belongs(organizationId: string, ledgerId: string): Promise<boolean> {
    return (await this.find(organizationId, ledgerId)) !== undefined;
  }

  /**
   * The ledger, if it exists and is this organization's. A "no" of the read models counts only once they have seen all that
   * the organization's stream held when the question was asked, so a ledger that was just created elsewhere is found.
   * Another organization's is looked for as one that does not exist, so that nobody can tell them apart.
   * @throws ReadModelBehind
   */
  async find(organizationId: string, ledgerId: string): Promise<KnownLedger | undefined> {
    const known = this.known(ledgerId);
    if (known?.organizationId === organizationId) return known;
    const read = await this.read(organizationId, ledgerId);
    if (read !== undefined || !(await this.catchUp(organizationId))) return read;
    return this.read(organizationId, ledgerId);
  }

  /**
   * Resolves once the read models have seen all that the organization's stream holds now; false when it holds nothing.
   * @throws ReadModelBehind
   */
  async catchUp(organizationId: string): Promise<boolean> {
    const stream = organizationStream(organizationId);
    const [head] = await this.store.readStream(stream, { direction: 'backwards', limit: 1 });
    if (head === undefined) return false;
    if (!(await this.organizations.waitFor(organizationId, head.revision, minPositionWaitMs))) {
      throw new ReadModelBehind(
        1,
        `The read models have not reached ${organizationId}@${head.revision} yet.`,
      );
    }
    return true;
  }

  private async read(organizationId: string, ledgerId: string): Promise<KnownLedger | undefined> {
    const { result } = await this.organizations.ledger(organizationId, ledgerId);
    if (result === null) return undefined;
    const ledger = { organizationId, managed: result.managed };
    this.remember(ledgerId, ledger);
    return ledger;
  }
}
