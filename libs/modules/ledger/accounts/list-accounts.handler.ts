import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At, AccountView } from '@fintech-ledger/projection-runtime';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { ListAccounts } from './list-accounts';
import { ReadModels } from '../ledgers/read-models';

@QueryHandler(ListAccounts)
export class ListAccountsHandler implements IQueryHandler<ListAccounts, At<Page<AccountView>>> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute(query: ListAccounts): Promise<At<Page<AccountView>>> {
    const { ledgerId } = query.reader;
    const ledger = await this.models.ledger(query.reader);
    return ledger.accounts(ledgerId, query.filter, query.page);
  }
}
