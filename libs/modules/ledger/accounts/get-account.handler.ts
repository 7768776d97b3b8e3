import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { found } from '@fintech-ledger/projection-runtime';
import type { At, Reader } from '@fintech-ledger/projection-runtime';
import type { AccountView } from '../views/account';
import { accountNotFound } from '@fintech-ledger/ledger/domain';
import { ReadModels } from '../ledgers/read-models';

/** One account. Answers `At<AccountView>`. */
export class GetAccount {
  constructor(
    readonly reader: Reader,
    readonly address: string,
  ) {}
}

@QueryHandler(GetAccount)
export class GetAccountHandler implements IQueryHandler<GetAccount, At<AccountView>> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute(query: GetAccount): Promise<At<AccountView>> {
    const { ledgerId } = query.reader;
    const ledger = await this.models.ledger(query.reader);
    return found(
      await ledger.account(ledgerId, query.address),
      accountNotFound,
      `There is no account ${query.address}.`,
    );
  }
}
