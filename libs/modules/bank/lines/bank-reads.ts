import {
  bankLineNotFound,
  bankStatementNotFound,
  showBankAccount,
  showBankLine,
  showBankStatement,
} from '@fintech-ledger/bank/domain';
import type { BankLineFacts, StatementFacts } from '@fintech-ledger/bank/domain';
import type { EventStore } from '@fintech-ledger/event-store';
import { isLive, principalOf } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { objectHistory } from '@fintech-ledger/ledger';
import { shownAccounts } from '@fintech-ledger/payments/domain';
import { noPage, positioned, whyNone } from '@fintech-ledger/payments/nest';
import type { PaymentsReader, Read } from '@fintech-ledger/payments/nest';
import type { PersonalValues } from '@fintech-ledger/privacy';
import { found } from '@fintech-ledger/projection-runtime';
import type { AsOf, At, PageRequest, Stored } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { bankAccountsId } from '../read-model/queries';
import type { AnyFacts, BankQueries, LineFilter, StatementFilter } from '../read-model/queries';

/** Reads bank accounts, statements and lines, no older than their reader asked for, or than was acknowledged here. */
export class BankReads {
  constructor(
    private readonly queries: BankQueries,
    private readonly reader: PaymentsReader,
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly values: PersonalValues,
  ) {}

  async accounts(request: ApiRequest): Promise<Read<object>> {
    const read = (ledgerId: string, asOf?: AsOf) => this.queries.object(ledgerId, bankAccountsId, asOf);
    const { ledgerId, revision, result } = await this.reader.read<Stored<AnyFacts> | null, null>(
      request,
      read,
      null,
    );
    const record = {
      kind: 'bank_accounts',
      accounts: result !== null && 'bankAccounts' in result.facts ? result.facts.bankAccounts : [],
    };
    const livemode = isLive(principalOf(request));
    const accounts = shownAccounts({ get: () => record }, livemode);
    const at = result === null ? {} : { position: `${ledgerId}@${result.revision}` };
    const shown = accounts.map(showBankAccount);
    return { ledgerId, revision, result: { object: 'bank_accounts', bank_accounts: shown, ...at } };
  }

  /** @throws Refused `bank_statement_line_not_found` */
  async line(request: ApiRequest, id: string): Promise<Read<object>> {
    return this.shown(request, await this.object(request, id, bankLineNotFound));
  }

  /** @throws Refused `bank_statement_not_found` */
  async statement(request: ApiRequest, id: string): Promise<Read<object>> {
    return this.shown(request, await this.object(request, id, bankStatementNotFound));
  }

  lines(request: ApiRequest, filter: LineFilter, page: PageRequest): Promise<Read<PageOf<object>>> {
    return this.page(request, (ledgerId) => this.queries.lines(ledgerId, filter, page));
  }

  statements(request: ApiRequest, filter: StatementFilter, page: PageRequest): Promise<Read<PageOf<object>>> {
    return this.page(request, (ledgerId) => this.queries.statements(ledgerId, filter, page));
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

  private async page<F extends BankLineFacts | StatementFacts>(
    request: ApiRequest,
    read: (ledgerId: string) => Promise<At<PageOf<Stored<F>>>>,
  ): Promise<Read<PageOf<object>>> {
    const { result, ...at } = await this.reader.read(request, read, noPage);
    const data = result.data.map((each) => positioned(at.ledgerId, each, viewOf(each.facts)));
    return this.opened(request, { ...at, result: { ...result, data } });
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

  private shown(request: ApiRequest, { result, ...at }: Read<Stored<AnyFacts>>): Promise<Read<object>> {
    return this.opened(request, { ...at, result: positioned(at.ledgerId, result, viewOf(result.facts)) });
  }

  private async opened<T>(request: ApiRequest, read: Read<T>): Promise<Read<T>> {
    const { organizationId } = principalOf(request);
    return { ...read, result: await this.values.openIn(organizationId, read.result) };
  }
}

function viewOf(facts: AnyFacts): object {
  if ('bankAccounts' in facts) return { bank_accounts: facts.bankAccounts.map(showBankAccount) };
  return 'statementId' in facts ? showBankStatement(facts) : showBankLine(facts);
}

const names: Readonly<Record<string, string>> = {
  BankLineBooked: 'bank_statement_line.created',
  BankLineMatched: 'bank_statement_line.matched',
  BankLineReturned: 'bank_statement_line.returned',
  BankReturnPaid: 'bank_statement_line.return_paid',
  BankReturnCanceled: 'bank_statement_line.return_canceled',
  BankLineErased: 'bank_statement_line.erased',
  BankStatementImported: 'bank_statement.imported',
};
/** What events are called in a history. */
const nameOf = (type: string): string => names[type] ?? type;
