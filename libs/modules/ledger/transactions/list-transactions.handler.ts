import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At, TransactionView } from '@fintech-ledger/projection-runtime';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { ListTransactions } from './list-transactions';
import { ReadModels } from '../ledgers/read-models';

@QueryHandler(ListTransactions)
export class ListTransactionsHandler implements IQueryHandler<ListTransactions, At<Page<TransactionView>>> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute(query: ListTransactions): Promise<At<Page<TransactionView>>> {
    const { ledgerId } = query.reader;
    const ledger = await this.models.ledger(query.reader);
    return ledger.transactions(ledgerId, query.filter, query.page);
  }
}
