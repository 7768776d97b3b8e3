import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At, TransactionView } from '@fintech-ledger/projection-runtime';
import { transactionNotFound } from '@fintech-ledger/ledger/domain';
import { found } from '@fintech-ledger/projection-runtime';
import { GetTransaction } from './get-transaction';
import { ReadModels } from '../ledgers/read-models';

@QueryHandler(GetTransaction)
export class GetTransactionHandler implements IQueryHandler<GetTransaction, At<TransactionView>> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute(query: GetTransaction): Promise<At<TransactionView>> {
    const { ledgerId } = query.reader;
    const ledger = await this.models.ledger(query.reader);
    const answer = await ledger.transaction(ledgerId, query.transactionId);
    return found(answer, transactionNotFound, `There is no transaction ${query.transactionId}.`);
  }
}
