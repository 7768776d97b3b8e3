import { refuse } from '@fintech-ledger/contract';
import type { EventStore } from '@fintech-ledger/event-store';
import { principalOf } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { objectHistory } from '@fintech-ledger/ledger';
import type { ObjectHistoryPage } from '@fintech-ledger/ledger/domain';
import {
  historyType,
  payoutBatchNotFound,
  payoutFileErased,
  showPayoutBatch,
} from '@fintech-ledger/payments/domain';
import type {
  PaymentEvent,
  PayoutBatchFacts,
  PayoutBatchView,
  PayoutFacts,
} from '@fintech-ledger/payments/domain';
import type { PersonalValues } from '@fintech-ledger/privacy';
import { found, Refused } from '@fintech-ledger/projection-runtime';
import type { AsOf, PageRequest, Stored } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import { noPage, positioned, whyNone } from '../payments/payments-reader';
import type { PaymentsReader, Positioned, Read } from '../payments/payments-reader';
import { messageIdOf, pain001 } from '../rails/bank-transfer/pain001';
import { payoutsOfBatch } from '../read-model/payouts-of-batch';
import type { PaymentQueries, PayoutBatchFilter } from '../read-model/queries';

export interface PayoutFile {
  readonly name: string;
  readonly pieces: AsyncIterable<string>;
}

/** Reads batches of payouts, no older than their reader asked for, or than what this process has acknowledged. */
export class PayoutBatchReads {
  constructor(
    private readonly queries: PaymentQueries,
    private readonly reader: PaymentsReader,
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly values: PersonalValues,
  ) {}

  /** @throws Refused `payout_batch_not_found` @throws ReadModelHalted @throws ReadModelBehind */
  async batch(request: ApiRequest, id: string): Promise<Read<Positioned<PayoutBatchView>>> {
    const { result, ...at } = await this.stored(request, id);
    return { ...at, result: positioned(at.ledgerId, result, shown(at.ledgerId)(result.facts)) };
  }

  async batches(
    request: ApiRequest,
    filter: PayoutBatchFilter,
    page: PageRequest,
  ): Promise<Read<PageOf<Positioned<PayoutBatchView>>>> {
    const read = (ledgerId: string) => this.queries.payoutBatches(ledgerId, filter, page);
    const { ledgerId, revision, result } = await this.reader.read(request, read, noPage);
    const data = result.data.map((each) => positioned(ledgerId, each, shown(ledgerId)(each.facts)));
    return { ledgerId, revision, result: { ...result, data } };
  }

  /** @throws Refused `payout_batch_not_found` */
  async history(request: ApiRequest, id: string, page: PageRequest): Promise<Read<ObjectHistoryPage>> {
    const { ledgerId } = await this.stored(request, id);
    const { result, revision } = await this.queries.history(ledgerId, id, page);
    const show = (facts: object): object => shown(ledgerId)(facts as PayoutBatchFacts);
    const nameOf = (type: string): string => historyType(type as PaymentEvent['type']);
    const of = { store: this.store, ledgerId, limit: page.limit, show, nameOf };
    return { ledgerId, revision, result: await objectHistory(result, of) };
  }

  /**
   * What the bank is told: the same bytes, always. Once somebody is erased to whom it pays there is none: it would be
   * another file by the same name. @throws Refused `payout_batch_not_found`, `payout_file_erased`
   * @throws ApiProblem 503: the key of one of them is lost
   */
  async file(request: ApiRequest, id: string): Promise<Read<PayoutFile>> {
    const { result, ...at } = await this.stored(request, id);
    const { facts } = result;
    const { organizationId } = principalOf(request);
    for await (const page of this.payouts(organizationId, at.ledgerId, facts)) {
      const erased = page.find(isErased);
      if (erased === undefined) continue;
      const why = `The bank account of payout ${erased.id} is erased: the file can't be made again.`;
      throw new Refused(refuse(payoutFileErased, why), [payoutFileErased]);
    }
    const messageId = messageIdOf(at.ledgerId, facts);
    const pieces = pain001(facts, messageId, this.payouts(organizationId, at.ledgerId, facts));
    return { ...at, result: { name: `${messageId}.xml`, pieces } };
  }

  /** With the bank accounts that they go to opened. */
  private async *payouts(
    organizationId: string,
    ledgerId: string,
    { id }: PayoutBatchFacts,
  ): AsyncGenerator<readonly PayoutFacts[]> {
    for await (const page of payoutsOfBatch(this.queries, ledgerId, id))
      yield await this.values.openWhole(organizationId, page);
  }

  private async stored(request: ApiRequest, id: string): Promise<Read<Stored<PayoutBatchFacts>>> {
    const read = (ledgerId: string, asOf?: AsOf) => this.queries.object(ledgerId, id, asOf);
    const { ledgerId, ...answer } = await this.reader.read(request, read, null);
    const { result, revision } = found(answer, payoutBatchNotFound, whyNone(request, id));
    return { ledgerId, revision, result: { ...result, facts: result.facts as PayoutBatchFacts } };
  }
}

/** Null is what a sealed value is without its key. */
const isErased = ({ destination }: PayoutFacts): boolean =>
  destination !== undefined && (destination.iban as string | null) === null;

const shown =
  (ledgerId: string) =>
  (facts: PayoutBatchFacts): PayoutBatchView =>
    showPayoutBatch(facts, messageIdOf(ledgerId, facts));
