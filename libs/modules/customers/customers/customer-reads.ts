import type { DeclaredRefusal } from '@fintech-ledger/contract';
import {
  customerNotFound,
  paymentMethodNotFound,
  showEither,
  showMethod,
} from '@fintech-ledger/customers/domain';
import type { EventStore } from '@fintech-ledger/event-store';
import { principalOf } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { objectHistory } from '@fintech-ledger/ledger';
import { historyType } from '@fintech-ledger/payments/domain';
import type { PaymentEvent } from '@fintech-ledger/payments/domain';
import { noPage, positioned, whyNone } from '@fintech-ledger/payments/nest';
import type { PaymentsReader, Read } from '@fintech-ledger/payments/nest';
import type { PersonalValues } from '@fintech-ledger/privacy';
import { found } from '@fintech-ledger/projection-runtime';
import type { AsOf, At, PageRequest, Stored } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import type { AnyFacts, CustomerFilter, CustomerQueries } from '../read-model/queries';

/** Reads customers and payment methods, no older than their reader asked for, or than this process acknowledged. */
export class CustomerReads {
  constructor(
    private readonly queries: CustomerQueries,
    private readonly reader: PaymentsReader,
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly values: PersonalValues,
  ) {}

  /** Of somebody who was deleted: only that. @throws Refused `customer_not_found` */
  async customer(request: ApiRequest, id: string): Promise<Read<object>> {
    const { result, ...at } = await this.object(request, id, customerNotFound);
    return this.opened(request, { ...at, result: positioned(at.ledgerId, result, viewOf(result.facts)) });
  }

  /** @throws Refused `payment_method_not_found` */
  async method(request: ApiRequest, id: string): Promise<Read<object>> {
    const { result, ...at } = await this.object(request, id, paymentMethodNotFound);
    return { ...at, result: positioned(at.ledgerId, result, viewOf(result.facts)) };
  }

  async customers(
    request: ApiRequest,
    filter: CustomerFilter,
    page: PageRequest,
  ): Promise<Read<PageOf<object>>> {
    const read = (ledgerId: string): Promise<At<PageOf<Stored<AnyFacts>>>> =>
      this.queries.customers(ledgerId, filter, page);
    return this.opened(request, positionedPage(await this.reader.read(request, read, noPage)));
  }

  /** @throws Refused `customer_not_found` */
  async methods(request: ApiRequest, customerId: string, page: PageRequest): Promise<Read<PageOf<object>>> {
    const { ledgerId } = await this.object(request, customerId, customerNotFound);
    return positionedPage({ ledgerId, ...(await this.queries.methods(ledgerId, customerId, page)) });
  }

  /** @throws Refused where there is no such object */
  async history(
    request: ApiRequest,
    id: string,
    page: PageRequest,
    refusal: DeclaredRefusal,
  ): Promise<Read<PageOf<object>>> {
    const { ledgerId } = await this.object(request, id, refusal);
    const { result, revision } = await this.queries.history(ledgerId, id, page);
    const of = { store: this.store, ledgerId, limit: page.limit, show: viewOf, nameOf };
    return this.opened(request, { ledgerId, revision, result: await objectHistory(result, of) });
  }

  private async opened<T>(request: ApiRequest, read: Read<T>): Promise<Read<T>> {
    const { organizationId } = principalOf(request);
    return { ...read, result: await this.values.openIn(organizationId, read.result) };
  }

  private async object(
    request: ApiRequest,
    id: string,
    refusal: DeclaredRefusal,
  ): Promise<Read<Stored<AnyFacts>>> {
    const read = (ledgerId: string, asOf?: AsOf) => this.queries.object(ledgerId, id, asOf);
    const { ledgerId, ...answer } = await this.reader.read(request, read, null);
    return { ledgerId, ...found(answer, refusal, whyNone(request, id)) };
  }
}

/** What events are called in a history, where their own names don't say it. */
const historyTypes: Readonly<Record<string, string>> = {
  PaymentMethodAttached: 'payment_method.attached',
  PaymentMethodDetached: 'payment_method.detached',
};

const nameOf = (type: string): string => historyTypes[type] ?? historyType(type as PaymentEvent['type']);

function positionedPage({ result, ...at }: Read<PageOf<Stored<AnyFacts>>>): Read<PageOf<object>> {
  return {
    ...at,
    result: { ...result, data: result.data.map((each) => positioned(at.ledgerId, each, viewOf(each.facts))) },
  };
}

function viewOf(facts: AnyFacts): object {
  return 'subject' in facts ? showEither(facts) : showMethod(facts);
}
