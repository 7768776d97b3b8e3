import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { found } from '@fintech-ledger/projection-runtime';
import type { At, Reader } from '@fintech-ledger/projection-runtime';
import type { TransactionView } from '../views/transaction';
import { transactionNotFound } from '@fintech-ledger/ledger/domain';
import { ReadModels } from '../ledgers/read-models';

/** Answers `At<TransactionView>`. */
export class GetTransaction {
  constructor(
    readonly reader: Reader,
    readonly transactionId: string,
  ) {}
}

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
