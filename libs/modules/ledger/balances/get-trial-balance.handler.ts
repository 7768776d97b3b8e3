import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At, AsOf, PageRequest, Reader } from '@fintech-ledger/projection-runtime';
import type { TrialBalanceView } from '../views/balance';
import { ReadModels } from '../ledgers/read-models';

/** Answers `At<TrialBalanceView>`. */
export class GetTrialBalance {
  constructor(
    readonly reader: Reader,
    readonly asOf: AsOf | undefined,
    readonly page: PageRequest,
  ) {}
}

@QueryHandler(GetTrialBalance)
export class GetTrialBalanceHandler implements IQueryHandler<GetTrialBalance, At<TrialBalanceView>> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute(query: GetTrialBalance): Promise<At<TrialBalanceView>> {
    const { ledgerId } = query.reader;
    const ledger = await this.models.ledger(query.reader);
    return ledger.trialBalance(ledgerId, query.asOf, query.page);
  }
}
