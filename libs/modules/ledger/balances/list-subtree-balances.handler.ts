import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At, SubtreeBalanceView } from '@fintech-ledger/projection-runtime';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { ListSubtreeBalances } from './list-subtree-balances';
import { ReadModels } from '../ledgers/read-models';

@QueryHandler(ListSubtreeBalances)
export class ListSubtreeBalancesHandler implements IQueryHandler<
  ListSubtreeBalances,
  At<Page<SubtreeBalanceView>>
> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute(query: ListSubtreeBalances): Promise<At<Page<SubtreeBalanceView>>> {
    const { ledgerId } = query.reader;
    const ledger = await this.models.ledger(query.reader);
    return ledger.subtreeBalances(ledgerId, query.request, query.page);
  }
}
