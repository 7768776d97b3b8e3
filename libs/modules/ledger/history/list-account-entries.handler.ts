import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { found } from '@fintech-ledger/projection-runtime';
import type { At, PageRequest, Reader } from '@fintech-ledger/projection-runtime';
import type { AccountEntryView } from '../views/transaction';
import { accountNotFound } from '@fintech-ledger/ledger/domain';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { ReadModels } from '../ledgers/read-models';
import type { LedgerQueries } from '../read-model/queries';

/** The statement of an account. Answers `At<Page<AccountEntryView>>`. */
export class ListAccountEntries {
  constructor(
    readonly reader: Reader,
    readonly address: string,
    readonly filter: Parameters<LedgerQueries['accountEntries']>[2],
    readonly page: PageRequest,
  ) {}
}

@QueryHandler(ListAccountEntries)
export class ListAccountEntriesHandler implements IQueryHandler<
  ListAccountEntries,
  At<Page<AccountEntryView>>
> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute(query: ListAccountEntries): Promise<At<Page<AccountEntryView>>> {
    const { ledgerId } = query.reader;
    const ledger = await this.models.ledger(query.reader);
    return found(
      await ledger.accountEntries(ledgerId, query.address, query.filter, query.page),
      accountNotFound,
      `There is no account ${query.address}.`,
    );
  }
}
