import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At, PageRequest, Reader } from '@fintech-ledger/projection-runtime';
import type { TransactionView } from '../views/transaction';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { ReadModels } from '../ledgers/read-models';
import type { LedgerQueries } from '../read-model/queries';

/** Answers `At<Page<TransactionView>>`. */
export class ListTransactions {
  constructor(
    readonly reader: Reader,
    readonly filter: Parameters<LedgerQueries['transactions']>[1],
    readonly page: PageRequest,
  ) {}
}

@QueryHandler(ListTransactions)
export class ListTransactionsHandler implements IQueryHandler<ListTransactions, At<Page<TransactionView>>> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute(query: ListTransactions): Promise<At<Page<TransactionView>>> {
    const { ledgerId } = query.reader;
    const ledger = await this.models.ledger(query.reader);
    return ledger.transactions(ledgerId, query.filter, query.page);
  }
}
