import { BoundedMap } from '@fintech-ledger/contract';
import { organizationStream } from '@fintech-ledger/envelope';
import type { EventStore } from '@fintech-ledger/event-store';
import { minPositionWaitMs, ReadModelBehind } from '@fintech-ledger/projection-runtime';
import { knownLedgersMax } from './limits';
import type { OrganizationQueries } from '@fintech-ledger/access';

/** Which ledger belongs to which organization. That never changes, so what was once found is remembered. */
export class LedgerDirectory {
  private readonly owners = new BoundedMap<string, string>(knownLedgersMax);

  constructor(
    private readonly organizations: OrganizationQueries,
    private readonly store: Pick<EventStore, 'readStream'>,
  ) {}

  /** From memory alone; undefined: ask `belongs`. */
  isKnown(organizationId: string, ledgerId: string): boolean | undefined {
    const owner = this.owners.get(ledgerId);
    return owner === undefined ? undefined : owner === organizationId;
  }

  remember(organizationId: string, ledgerId: string): void {
    this.owners.set(ledgerId, organizationId);
  }

  /**
   * Whether the ledger exists and is this organization's. A "no" of the read models counts only once they have seen all that
   * the organization's stream held when the question was asked, so a ledger that was just created elsewhere is found.
   * @throws ReadModelBehind
   */
  async belongs(organizationId: string, ledgerId: string): Promise<boolean> {
    const known = this.isKnown(organizationId, ledgerId);
    if (known !== undefined) return known;
    if (await this.isRead(organizationId, ledgerId)) return true;
    return (await this.catchUp(organizationId)) && (await this.isRead(organizationId, ledgerId));
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

  private async isRead(organizationId: string, ledgerId: string): Promise<boolean> {
    const { result } = await this.organizations.ledger(organizationId, ledgerId);
    if (result === null) return false;
    this.remember(organizationId, ledgerId);
    return true;
  }
}
