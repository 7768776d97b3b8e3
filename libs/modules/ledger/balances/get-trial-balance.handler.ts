import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At, TrialBalanceView } from '@fintech-ledger/projection-runtime';
import { GetTrialBalance } from './get-trial-balance';
import { ReadModels } from '../ledgers/read-models';

@QueryHandler(GetTrialBalance)
export class GetTrialBalanceHandler implements IQueryHandler<GetTrialBalance, At<TrialBalanceView>> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute(query: GetTrialBalance): Promise<At<TrialBalanceView>> {
    const { ledgerId } = query.reader;
    const ledger = await this.models.ledger(query.reader);
    return ledger.trialBalance(ledgerId, query.asOf, query.page);
  }
}
