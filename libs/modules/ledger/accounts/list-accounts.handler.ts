import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At, PageRequest, Reader } from '@fintech-ledger/projection-runtime';
import type { AccountView } from '../views/account';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { ReadModels } from '../ledgers/read-models';
import type { LedgerQueries } from '../read-model/queries';

/** Answers `At<Page<AccountView>>`. */
export class ListAccounts {
  constructor(
    readonly reader: Reader,
    readonly filter: Parameters<LedgerQueries['accounts']>[1],
    readonly page: PageRequest,
  ) {}
}

@QueryHandler(ListAccounts)
export class ListAccountsHandler implements IQueryHandler<ListAccounts, At<Page<AccountView>>> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute(query: ListAccounts): Promise<At<Page<AccountView>>> {
    const { ledgerId } = query.reader;
    const ledger = await this.models.ledger(query.reader);
    return ledger.accounts(ledgerId, query.filter, query.page);
  }
}
