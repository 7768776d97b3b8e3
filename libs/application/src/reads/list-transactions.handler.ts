import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At } from '../queries';
import type { Page, TransactionView } from '../views';
import { ListTransactions } from './list-transactions';
import { ReadModels } from './read-models';

@QueryHandler(ListTransactions)
export class ListTransactionsHandler implements IQueryHandler<ListTransactions, At<Page<TransactionView>>> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute(query: ListTransactions): Promise<At<Page<TransactionView>>> {
    const { ledgerId } = query.reader;
    const ledger = await this.models.ledger(query.reader);
    return ledger.transactions(ledgerId, query.filter, query.page);
  }
}
