import type { CustomerQueries } from '@fintech-ledger/customers';
import { reachPosition } from '@fintech-ledger/http';
import type { Acknowledged } from '@fintech-ledger/http';
import { bankTransferRail } from '@fintech-ledger/payments/domain';
import type { PaymentQueries } from '@fintech-ledger/payments';
import type { PersonalValues } from '@fintech-ledger/privacy';
import { ReadModelHalted } from '@fintech-ledger/projection-runtime';
import type { Followed } from '@fintech-ledger/projection-runtime';

/** Payments of one amount that are compared by name; where more wait, a person has to say. */
const candidatesMax = 20;

/** What a line says of who paid. */
export interface UnreferencedLine {
  readonly amountMinor: bigint;
  readonly partyName: string | null;
}

/** Finds payments whose payers forgot the reference: by amount, and by the name of their customer. */
export class PayerNames {
  constructor(
    private readonly payments: PaymentQueries,
    private readonly customers: CustomerQueries,
    private readonly values: PersonalValues,
    private readonly acknowledged: Acknowledged,
  ) {}

  /** The one payment that waits for this amount of somebody of this name; null: there is none, or there are several. */
  async find(
    organizationId: string,
    ledgerId: string,
    currency: string,
    { amountMinor, partyName }: UnreferencedLine,
  ): Promise<string | null> {
    if (partyName === null) return null;
    for (const models of [this.payments, this.customers])
      if (!(await this.hasReached(models, organizationId, ledgerId))) return null;
    const filter = {
      ...{ amount: String(amountMinor), currency, rail: bankTransferRail },
      status: 'requires_action',
    };
    const { result } = await this.payments.payments(ledgerId, filter, { limit: candidatesMax });
    if (result.has_more) return null;
    const fitting: string[] = [];
    for (const { facts } of result.data) {
      const name =
        facts.customer === undefined ? null : await this.nameOf(organizationId, ledgerId, facts.customer);
      if (name !== null && isSameName(name, partyName)) fitting.push(facts.id);
    }
    return fitting.length === 1 ? (fitting[0] ?? null) : null;
  }

  /**
   * Whether a read model has what was acknowledged here: what was paid for a moment ago is to be found.
   * @returns false: it is halted, and a person says what the line was for
   * @throws ReadModelBehind
   */
  private async hasReached(models: Followed, organizationId: string, ledgerId: string): Promise<boolean> {
    try {
      await reachPosition(
        models,
        this.acknowledged.ledgers,
        ledgerId,
        { organizationId },
        'The payments have',
      );
      return true;
    } catch (error) {
      if (error instanceof ReadModelHalted) return false;
      throw error;
    }
  }

  private async nameOf(organizationId: string, ledgerId: string, id: string): Promise<string | null> {
    const { result } = await this.customers.object(ledgerId, id);
    if (result === null || !('name' in result.facts) || result.facts.name === null) return null;
    const { name } = result.facts;
    // A sealed value is told by the member that it stands in (0097).
    return (await this.values.openIn<{ name: string | null }>(organizationId, { name })).name;
  }
}

/** Whether two are written with the same words, in whichever order: banks turn names around, and know no accents. */
export function isSameName(one: string, other: string): boolean {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  return a !== '' && a === b;
}

const wordsOf = (name: string): string =>
  name
    .replaceAll(/[ßẞ]/g, 'ss')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toUpperCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .sort()
    .join(' ');
