import type { EventStore } from '@fintech-ledger/event-store';
import { isLive, principalOf } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { objectHistory } from '@fintech-ledger/ledger';
import type { ObjectHistoryPage } from '@fintech-ledger/ledger/domain';
import { found } from '@fintech-ledger/projection-runtime';
import type { AsOf, At, PageRequest, Stored } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import {
  defaultSchedule,
  disputeNotFound,
  paymentNotFound,
  refundNotFound,
  showAttempt,
  showDispute,
  payoutNotFound,
  payoutScheduleKey,
  platformOwner,
  showPayoutSchedule,
  showPayment,
  showPayout,
  showRefund,
  showSplit,
  showTransfer,
  splitNotFound,
  transferNotFound,
} from '@fintech-ledger/payments/domain';
import type {
  AttemptView,
  DisputeFacts,
  DisputeView,
  PaymentFacts,
  PaymentView,
  OwnedSchedule,
  PayoutFacts,
  PayoutScheduleView,
  PayoutView,
  RefundFacts,
  RefundView,
  SplitFacts,
  SplitView,
  TransferFacts,
  TransferView,
} from '@fintech-ledger/payments/domain';
import type {
  AnyFacts,
  DisputeFilter,
  PaymentFilter,
  PaymentQueries,
  PayoutFilter,
  RefundFilter,
  SplitFilter,
  TransferFilter,
} from '../read-model/queries';
import type { Acting } from './connected-account';
import { isPayout, nameOf, viewOf } from './views-of-facts';
import { noPage, positioned, whyNone } from './payments-reader';
import type { PaymentsReader, Positioned, Read } from './payments-reader';

/** Reads payments and refunds, no older than their reader asked for, or than what this process has acknowledged. */
export class PaymentReads {
  constructor(
    private readonly queries: PaymentQueries,
    private readonly reader: PaymentsReader,
    private readonly store: Pick<EventStore, 'readStream'>,
  ) {}

  /** @throws Refused `payment_not_found` @throws ReadModelHalted @throws ReadModelBehind */
  async payment(request: ApiRequest, id: string, acting: Acting): Promise<Read<Positioned<PaymentView>>> {
    const { result, ...at } = await this.object(request, id, paymentNotFound, acting);
    return { ...at, result: positioned(at.ledgerId, result, showPayment(result.facts as PaymentFacts)) };
  }

  /** @throws Refused `refund_not_found` @throws ReadModelHalted @throws ReadModelBehind */
  async refund(request: ApiRequest, id: string, acting: Acting): Promise<Read<Positioned<RefundView>>> {
    const { result, ...at } = await this.object(request, id, refundNotFound, acting);
    return { ...at, result: positioned(at.ledgerId, result, showRefund(result.facts as RefundFacts)) };
  }

  /** @throws Refused `payout_not_found` @throws ReadModelHalted @throws ReadModelBehind */
  async payout(request: ApiRequest, id: string, acting: Acting): Promise<Read<Positioned<PayoutView>>> {
    const { result, ...at } = await this.object(request, id, payoutNotFound, acting);
    return { ...at, result: positioned(at.ledgerId, result, showPayout(result.facts as PayoutFacts)) };
  }

  /** The platform's own; before it was set it is the default one. @throws ReadModelHalted @throws ReadModelBehind */
  async payoutSchedule(
    request: ApiRequest,
  ): Promise<Read<PayoutScheduleView | Positioned<PayoutScheduleView>>> {
    const key = payoutScheduleKey(platformOwner);
    const read = (ledgerId: string, asOf?: AsOf) => this.queries.object(ledgerId, key, asOf);
    const { result, ...at } = await this.reader.read(request, read, null);
    const livemode = isLive(principalOf(request));
    if (result === null) {
      const schedule = { ...defaultSchedule, livemode, nextAt: null, owner: platformOwner };
      return { ...at, result: showPayoutSchedule(schedule) };
    }
    return {
      ...at,
      result: positioned(at.ledgerId, result, showPayoutSchedule(result.facts as OwnedSchedule)),
    };
  }

  payouts(
    request: ApiRequest,
    filter: PayoutFilter,
    page: PageRequest,
  ): Promise<Read<PageOf<Positioned<PayoutView>>>> {
    const read = (ledgerId: string) => this.queries.payouts(ledgerId, filter, page);
    const { owner = platformOwner } = filter;
    return this.page(request, read, showPayout, owner === platformOwner ? {} : { actsAs: owner });
  }

  /** @throws Refused `dispute_not_found` @throws ReadModelHalted @throws ReadModelBehind */
  async dispute(request: ApiRequest, id: string, acting: Acting): Promise<Read<Positioned<DisputeView>>> {
    const { result, ...at } = await this.object(request, id, disputeNotFound, acting);
    return { ...at, result: positioned(at.ledgerId, result, showDispute(result.facts as DisputeFacts)) };
  }

  disputes(
    request: ApiRequest,
    filter: DisputeFilter,
    page: PageRequest,
  ): Promise<Read<PageOf<Positioned<DisputeView>>>> {
    const read = (ledgerId: string) => this.queries.disputes(ledgerId, filter, page);
    return this.page(request, read, showDispute, filter);
  }

  /** @throws Refused `transfer_not_found` @throws ReadModelHalted @throws ReadModelBehind */
  async transfer(request: ApiRequest, id: string): Promise<Read<Positioned<TransferView>>> {
    const { result, ...at } = await this.object(request, id, transferNotFound);
    return { ...at, result: positioned(at.ledgerId, result, showTransfer(result.facts as TransferFacts)) };
  }

  transfers(
    request: ApiRequest,
    filter: TransferFilter,
    page: PageRequest,
  ): Promise<Read<PageOf<Positioned<TransferView>>>> {
    return this.page(request, (ledgerId) => this.queries.transfers(ledgerId, filter, page), showTransfer);
  }

  /** @param show what of it @throws Refused `split_not_found` @throws ReadModelHalted @throws ReadModelBehind */
  async split<V extends object>(
    request: ApiRequest,
    id: string,
    show: (facts: SplitFacts) => V,
  ): Promise<Read<Positioned<V>>> {
    const { result, ...at } = await this.object(request, id, splitNotFound);
    return { ...at, result: positioned(at.ledgerId, result, show(result.facts as SplitFacts)) };
  }

  splits(
    request: ApiRequest,
    filter: SplitFilter,
    page: PageRequest,
  ): Promise<Read<PageOf<Positioned<SplitView>>>> {
    return this.page(request, (ledgerId) => this.queries.splits(ledgerId, filter, page), showSplit);
  }

  payments(
    request: ApiRequest,
    filter: PaymentFilter,
    page: PageRequest,
  ): Promise<Read<PageOf<Positioned<PaymentView>>>> {
    const read = (ledgerId: string) => this.queries.payments(ledgerId, filter, page);
    return this.page(request, read, showPayment, filter);
  }

  refunds(
    request: ApiRequest,
    filter: RefundFilter,
    page: PageRequest,
  ): Promise<Read<PageOf<Positioned<RefundView>>>> {
    const read = (ledgerId: string) => this.queries.refunds(ledgerId, filter, page);
    return this.page(request, read, showRefund, filter);
  }

  /** @throws Refused `payment_not_found` */
  async attempts(
    request: ApiRequest,
    id: string,
    page: PageRequest,
    acting: Acting,
  ): Promise<Read<PageOf<AttemptView>>> {
    const { ledgerId } = await this.object(request, id, paymentNotFound, acting);
    const { result, revision } = await this.queries.attempts(ledgerId, id, page);
    const data = result.data.flatMap((payment) =>
      payment.attempt === null ? [] : [showAttempt(payment.attempt, payment)],
    );
    return { ledgerId, revision, result: { ...result, data } };
  }

  /** @throws Refused where there is no such object */
  async history(
    request: ApiRequest,
    id: string,
    page: PageRequest,
    refusal: DeclaredRefusal,
    acting?: Acting,
  ): Promise<Read<ObjectHistoryPage>> {
    const { ledgerId } = await this.object(request, id, refusal, acting);
    const { result, revision } = await this.queries.history(ledgerId, id, page);
    const of = { store: this.store, ledgerId, limit: page.limit, show: viewOf, nameOf };
    return { ledgerId, revision, result: await objectHistory(result, of) };
  }

  private async page<F, V extends object>(
    request: ApiRequest,
    read: (ledgerId: string) => Promise<At<PageOf<Stored<F>>>>,
    show: (facts: F) => V,
    acting?: Acting,
  ): Promise<Read<PageOf<Positioned<V>>>> {
    const { ledgerId, revision, result } =
      acting?.actsAs === undefined
        ? await this.reader.read(request, read, noPage)
        : await this.reader.readForAny(request, read, noPage);
    const data = result.data.map((each) => positioned(ledgerId, each, show(each.facts)));
    return { ledgerId, revision, result: { ...result, data } };
  }

  // Who acts as an account sees what is its own; who acts as none, all but payouts of accounts.
  private async object(
    request: ApiRequest,
    id: string,
    refusal: DeclaredRefusal,
    { actsAs }: Acting = {},
  ): Promise<Read<Stored<AnyFacts>>> {
    const read = async (ledgerId: string, asOf?: AsOf): Promise<At<Stored<AnyFacts> | null>> => {
      const answer = await this.queries.object(ledgerId, id, asOf);
      const facts = answer.result?.facts;
      const isSeen = facts === undefined || (await this.isSeen(ledgerId, id, facts, actsAs));
      return isSeen ? answer : { ...answer, result: null };
    };
    const how = actsAs === undefined ? 'read' : 'readForAny';
    const { ledgerId, ...answer } = await this.reader[how](request, read, null);
    return { ledgerId, ...found(answer, refusal, whyNone(request, id)) };
  }

  private async isSeen(ledgerId: string, id: string, facts: AnyFacts, actsAs?: string): Promise<boolean> {
    if (isPayout(facts)) return facts.connectedAccount === actsAs;
    if (actsAs === undefined) return true;
    const payment = 'payment' in facts ? facts.payment : id;
    const of = (await this.queries.object(ledgerId, payment)).result?.facts;
    return of !== undefined && 'captureMethod' in of && of.connectedAccount === actsAs;
  }
}
