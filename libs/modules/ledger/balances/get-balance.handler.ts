import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { found } from '@fintech-ledger/projection-runtime';
import type { At, AsOf, Reader } from '@fintech-ledger/projection-runtime';
import type { BalanceView } from '../views/balance';
import { accountNotFound } from '@fintech-ledger/ledger/domain';
import { ReadModels } from '../ledgers/read-models';

/** An account's balance, now or as of a moment. Answers `At<BalanceView>`. */
export class GetBalance {
  constructor(
    readonly reader: Reader,
    readonly address: string,
    readonly asOf: AsOf | undefined,
  ) {}
}

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
