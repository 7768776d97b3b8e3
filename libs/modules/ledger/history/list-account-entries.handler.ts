import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At, AccountEntryView } from '@fintech-ledger/projection-runtime';
import { accountNotFound } from '@fintech-ledger/ledger/domain';
import { found } from '@fintech-ledger/projection-runtime';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { ListAccountEntries } from './list-account-entries';
import { ReadModels } from '../ledgers/read-models';

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
