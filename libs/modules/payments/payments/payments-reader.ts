import {
  ApiProblem,
  asOfQuery,
  organizationReaderOf,
  principalOf,
  reachPosition,
  readerAsOf,
  revisionOfOwner,
} from '@fintech-ledger/http';
import type { Acknowledged, ApiRequest } from '@fintech-ledger/http';
import { ReadModelBehind, sourceWaits } from '@fintech-ledger/projection-runtime';
import type { AsOf, At, Followed, Stored } from '@fintech-ledger/projection-runtime';
import type { FoundLedger, PaymentsLedgers } from '../ledger/payments-ledgers';
import { refuseConnectedAccount } from './connected-account';

/** An answer, and whose position it was read at. */
export interface Read<T> extends At<T> {
  /** Of the ledger; before there is one, of the organization. */
  readonly ledgerId: string;
}
/** An object as it is shown, with the position of the event that left it so. */
export type Positioned<V> = V & { readonly position: string };
export function positioned<V extends object>(
  ledgerId: string,
  { revision }: Stored<unknown>,
  view: V,
): Positioned<V> {
  return { ...view, position: `${ledgerId}@${revision}` };
}
/** A list before there is a ledger. */
export const noPage = { data: [], has_more: false, next_cursor: null } as const;

/** Reads the payments ledger of who asks, no older than they asked for, or than what this process has acknowledged. */
export class PaymentsReader {
  constructor(
    private readonly queries: Followed,
    private readonly ledgers: PaymentsLedgers,
    private readonly acknowledged: Acknowledged,
    /** Begins the sentence that says what is behind. */
    private readonly what = 'The payments have',
  ) {}

  /**
   * @param none what is read where there is no ledger yet: nothing makes one
   * @throws ApiProblem @throws ReadModelHalted @throws ReadModelBehind
   */
  async read<T, N extends T>(
    request: ApiRequest,
    read: (ledgerId: string, asOf?: AsOf) => Promise<At<T>>,
    none: N,
  ): Promise<Read<T>> {
    refuseConnectedAccount(request);
    return this.readForAny(request, read, none);
  }

  /**
   * The same where the request may act as a connected account. As of a position of the organization from before the
   * ledger was made nothing was there, which is what was answered at that position.
   */
  async readForAny<T, N extends T>(
    request: ApiRequest,
    read: (ledgerId: string, asOf?: AsOf) => Promise<At<T>>,
    none: N,
  ): Promise<Read<T>> {
    const where = await this.find(request);
    const query = request.query as { readonly as_of?: string };
    if (where.kind === 'there') {
      const { organizationId } = principalOf(request);
      const before = revisionOfOwner(query.as_of, organizationId);
      if (before !== undefined && before < where.madeAt)
        return { ledgerId: organizationId, revision: before, result: none };
    }
    const ledgerId = where.kind === 'there' ? where.ledger.id : where.organizationId;
    const asOf = asOfQuery(query, ledgerId);
    if (where.kind === 'none') {
      if (asOf !== undefined && 'revision' in asOf && asOf.revision > where.revision)
        throw new ReadModelBehind(1, `The organization has not reached ${ledgerId}@${asOf.revision} yet.`);
      return { ledgerId, revision: where.revision, result: none };
    }
    const reader = readerAsOf(organizationReaderOf(request, ledgerId), asOf);
    await reachPosition(this.queries, this.acknowledged.ledgers, ledgerId, reader, this.what);
    return { ledgerId, ...(await read(ledgerId, asOf)) };
  }

  /** Where there is none, that is so at the position of the organization that is asked for. */
  private async find(request: ApiRequest): Promise<FoundLedger> {
    const { organizationId: owner, minRevision: revision } = organizationReaderOf(request);
    const where = await sourceWaits.until(
      () => this.ledgers.find(owner, request.id),
      (found) => (found.kind === 'none' ? found.revision : Infinity),
      { owner, revision, what: 'The organization has' },
    );
    if (where.kind === 'refused') throw ApiProblem.ofRefusal(where.refusal, []);
    return where;
  }
}

/** What is said of an object that is not there. */
export function whyNone({ query }: Pick<ApiRequest, 'query'>, id: string): string {
  return `There is no ${id}${(query as { as_of?: string }).as_of === undefined ? '' : ' at that time'}.`;
}
