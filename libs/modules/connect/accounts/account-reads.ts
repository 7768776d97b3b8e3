import { showConnectedAccount } from '@fintech-ledger/connect/domain';
import type { ConnectedAccountFacts } from '@fintech-ledger/connect/domain';
import type { EventStore } from '@fintech-ledger/event-store';
import { principalOf } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { objectHistory } from '@fintech-ledger/ledger';
import { connectedAccountNotFound } from '@fintech-ledger/payments/domain';
import { noPage, positioned, refuseConnectedAccount, whyNone } from '@fintech-ledger/payments/nest';
import type { PaymentsReader, Read } from '@fintech-ledger/payments/nest';
import type { PersonalValues } from '@fintech-ledger/privacy';
import { found } from '@fintech-ledger/projection-runtime';
import type { AsOf, At, PageRequest, Stored } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import type { AccountFilter, ConnectQueries } from '../read-model/queries';

type StoredAccount = Stored<ConnectedAccountFacts>;

/** Reads connected accounts, no older than their reader asked for, or than this process acknowledged. */
export class AccountReads {
  constructor(
    private readonly queries: ConnectQueries,
    private readonly reader: PaymentsReader,
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly values: PersonalValues,
  ) {}

  /** @throws Refused `connected_account_not_found` */
  async account(request: ApiRequest, id: string): Promise<Read<object>> {
    const { result, ...at } = await this.object(request, id);
    return this.opened(request, {
      ...at,
      result: positioned(at.ledgerId, result, showConnectedAccount(result.facts)),
    });
  }

  /** As it is recorded, its personal fields sealed. @throws Refused `connected_account_not_found` */
  object(request: ApiRequest, id: string): Promise<Read<StoredAccount>> {
    refuseConnectedAccount(request);
    return this.party(request, id);
  }

  /** The same where the request may act as that account. @throws Refused `connected_account_not_found` */
  async party(request: ApiRequest, id: string): Promise<Read<StoredAccount>> {
    const read = (ledgerId: string, asOf?: AsOf) => this.queries.object(ledgerId, id, asOf);
    const { ledgerId, ...answer } = await this.reader.readForAny(request, read, null);
    return { ledgerId, ...found(answer, connectedAccountNotFound, whyNone(request, id)) };
  }

  async accounts(
    request: ApiRequest,
    filter: AccountFilter,
    page: PageRequest,
  ): Promise<Read<PageOf<object>>> {
    const read = (ledgerId: string): Promise<At<PageOf<StoredAccount>>> =>
      this.queries.accounts(ledgerId, filter, page);
    const { result, ...at } = await this.reader.read(request, read, noPage);
    const data = result.data.map((each) => positioned(at.ledgerId, each, showConnectedAccount(each.facts)));
    return this.opened(request, { ...at, result: { ...result, data } });
  }

  /** @throws Refused `connected_account_not_found` */
  async history(request: ApiRequest, id: string, page: PageRequest): Promise<Read<PageOf<object>>> {
    const { ledgerId } = await this.object(request, id);
    const { result, revision } = await this.queries.history(ledgerId, id, page);
    const of = { store: this.store, ledgerId, limit: page.limit, show: showConnectedAccount, nameOf };
    return this.opened(request, { ledgerId, revision, result: await objectHistory(result, of) });
  }

  async opened<T>(request: ApiRequest, read: Read<T>): Promise<Read<T>> {
    const { organizationId } = principalOf(request);
    return { ...read, result: await this.values.openIn(organizationId, read.result) };
  }
}

/** What events are called in a history. */
const nameOf = (type: string): string =>
  `connected_account.${type.slice('ConnectedAccount'.length).toLowerCase()}`;
