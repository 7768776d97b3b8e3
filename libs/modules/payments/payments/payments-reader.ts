import {
  ApiProblem,
  asOfQuery,
  minPositionOf,
  organizationReaderOf,
  principalOf,
  reachPosition,
  readerAsOf,
} from '@fintech-ledger/http';
import type { Acknowledged, ApiRequest } from '@fintech-ledger/http';
import { ReadModelBehind } from '@fintech-ledger/projection-runtime';
import type { AsOf, At, Followed, OrganizationReader, Stored } from '@fintech-ledger/projection-runtime';
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

  /** The same where the request may act as a connected account. */
  async readForAny<T, N extends T>(
    request: ApiRequest,
    read: (ledgerId: string, asOf?: AsOf) => Promise<At<T>>,
    none: N,
  ): Promise<Read<T>> {
    const { organizationId } = principalOf(request);
    const where = await this.ledgers.find(organizationId, request.id);
    if (where.kind === 'refused') throw ApiProblem.ofRefusal(where.refusal, []);
    const ledgerId = where.kind === 'there' ? where.ledger.id : organizationId;
    const asOf = asOfQuery(request.query as { readonly as_of?: string }, ledgerId);
    const reader = readerAsOf(readerOf(request, where), asOf);
    if (where.kind === 'there') {
      await reachPosition(this.queries, this.acknowledged.ledgers, ledgerId, reader, this.what);
      return { ledgerId, ...(await read(ledgerId, asOf)) };
    }
    const { minRevision = -1 } = reader;
    if (minRevision > where.revision)
      throw new ReadModelBehind(1, `The organization has not reached ${organizationId}@${minRevision} yet.`);
    return { ledgerId, revision: where.revision, result: none };
  }
}

/** A position answered before the ledger was made has come, since it was. */
function readerOf(request: ApiRequest, where: FoundLedger): OrganizationReader {
  const { organizationId } = principalOf(request);
  if (where.kind !== 'there') return organizationReaderOf(request, organizationId);
  const { isEventual, position } = minPositionOf(request);
  const isOfBefore = position?.owner === organizationId && position.revision <= where.madeAt;
  return isOfBefore ? { organizationId, isEventual } : organizationReaderOf(request, where.ledger.id);
}

/** What is said of an object that is not there. */
export function whyNone({ query }: Pick<ApiRequest, 'query'>, id: string): string {
  return `There is no ${id}${(query as { as_of?: string }).as_of === undefined ? '' : ' at that time'}.`;
}
