import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At, BalanceView } from '@fintech-ledger/projection-runtime';
import { accountNotFound } from '@fintech-ledger/ledger/domain';
import { found } from '@fintech-ledger/projection-runtime';
import { GetBalance } from './get-balance';
import { ReadModels } from '../ledgers/read-models';

@QueryHandler(GetBalance)
export class GetBalanceHandler implements IQueryHandler<GetBalance, At<BalanceView>> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute(query: GetBalance): Promise<At<BalanceView>> {
    const { ledgerId } = query.reader;
    const ledger = await this.models.ledger(query.reader);
    return found(
      await ledger.balance(ledgerId, query.address, query.asOf),
      accountNotFound,
      `There is no account ${query.address}.`,
    );
  }
}
