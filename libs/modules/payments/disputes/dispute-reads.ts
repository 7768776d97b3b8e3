import { principalOf } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import type { ObjectHistoryPage } from '@fintech-ledger/ledger/domain';
import { disputeNotFound } from '@fintech-ledger/payments/domain';
import type { DisputeView } from '@fintech-ledger/payments/domain';
import type { PersonalValues } from '@fintech-ledger/privacy';
import type { PageRequest } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import type { Acting } from '../payments/connected-account';
import type { PaymentReads } from '../payments/payment-reads';
import type { Positioned, Read } from '../payments/payments-reader';
import type { DisputeFilter } from '../read-model/queries';

/** Reads disputes, with what is personal in their evidence. */
export class DisputeReads {
  constructor(
    private readonly reads: PaymentReads,
    private readonly values: PersonalValues,
  ) {}

  /** @throws Refused `dispute_not_found` @throws ReadModelHalted @throws ReadModelBehind */
  async dispute(request: ApiRequest, id: string, acting: Acting): Promise<Read<Positioned<DisputeView>>> {
    return this.opened(request, await this.reads.dispute(request, id, acting));
  }

  async disputes(
    request: ApiRequest,
    filter: DisputeFilter,
    page: PageRequest,
  ): Promise<Read<PageOf<Positioned<DisputeView>>>> {
    return this.opened(request, await this.reads.disputes(request, filter, page));
  }

  /** @throws Refused `dispute_not_found` */
  async history(
    request: ApiRequest,
    id: string,
    page: PageRequest,
    acting: Acting,
  ): Promise<Read<ObjectHistoryPage>> {
    return this.opened(request, await this.reads.history(request, id, page, disputeNotFound, acting));
  }

  private async opened<T>(request: ApiRequest, read: Read<T>): Promise<Read<T>> {
    const { organizationId } = principalOf(request);
    return { ...read, result: await this.values.openIn(organizationId, read.result) };
  }
}
