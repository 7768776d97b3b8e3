import type { CommandContext } from '@fintech-ledger/journal';
import { lostSubject } from '@fintech-ledger/privacy';
import type { KnownSubject, SubjectClaim, SubjectKeys, SubjectRequests } from '@fintech-ledger/privacy';
import type { PaymentsLedgers } from '../ledger/payments-ledgers';
import type { PaymentQueries } from '../read-model/queries';

/** Of a dispute; looked up at once. */
const ownAtOnce = 16;

/** Whose key evidence is encrypted with: that of the payment's customer, else one of the dispute's own. */
export class EvidenceSubjects {
  constructor(
    private readonly queries: Pick<PaymentQueries, 'object'>,
    private readonly ledgers: Pick<PaymentsLedgers, 'find'>,
    private readonly keys: SubjectKeys,
    private readonly requests: SubjectRequests,
  ) {}

  /**
   * The customer of the payment, which stays the same once anything can be disputed, so that a read model that is
   * behind is right, too. Null: it has none. Undefined: the read model knows no such dispute.
   */
  async customerOf(context: CommandContext, disputeId: string): Promise<string | null | undefined> {
    const where = await this.ledgers.find(context.organizationId, context.correlationId);
    if (where.kind !== 'there') return undefined;
    const factsOf = async (id: string) => (await this.queries.object(where.ledger.id, id)).result?.facts;
    const dispute = await factsOf(disputeId);
    if (dispute === undefined || !('evidenceDueBy' in dispute)) return undefined;
    const payment = await factsOf(dispute.payment);
    return payment !== undefined && 'captureMethod' in payment ? (payment.customer ?? null) : undefined;
  }

  /** The data subject of a customer, with whom it shares its id. */
  async ofCustomer({ organizationId }: CommandContext, customer: string): Promise<KnownSubject> {
    const id = `sub_${customer.slice('cus_'.length)}`;
    return (await this.keys.select(organizationId, [id])).get(id) ?? lostSubject(id);
  }

  /**
   * The data subjects of the dispute itself: those that were erased, then the one in use, whose key may be lost. Their
   * ids follow from the dispute, in a way that nobody outside can tell, so no text of a client names one.
   */
  async own(organizationId: string, disputeId: string): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let from = 0; ; from += ownAtOnce) {
      const next = Array.from({ length: ownAtOnce }, (_, n) =>
        this.keys.idOf(organizationId, `dispute evidence\n${disputeId}\n${from + n}`),
      );
      const known = await this.keys.select(organizationId, next);
      for (const id of next) {
        ids.push(id);
        if (known.get(id)?.key !== null) return ids;
      }
    }
  }

  /** The one in use, with its key, which is made with the first evidence. */
  async claimOwn(context: CommandContext, disputeId: string): Promise<SubjectClaim> {
    for (;;) {
      const id = (await this.own(context.organizationId, disputeId)).at(-1) ?? '';
      const claim = await this.requests.newSubject(id, context);
      // Without a key it was erased, which the table of keys did not know, and knows now.
      if (claim.subject.key !== null) return claim;
    }
  }
}
