import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { At, PageRequest, Reader } from '@fintech-ledger/projection-runtime';
import type { SubtreeBalanceView } from '../views/balance';
import type { PageOf as Page } from '@fintech-ledger/shapes';
import { ReadModels } from '../ledgers/read-models';
import { readSubtreeBalances } from './read-subtree-balances';

/** Balances summed by the first segments of the addresses. Answers `At<Page<SubtreeBalanceView>>`. */
export class ListSubtreeBalances {
  constructor(
    readonly reader: Reader,
    readonly request: Parameters<typeof readSubtreeBalances>[2],
    readonly page: PageRequest,
  ) {}
}

@QueryHandler(ListSubtreeBalances)
export class ListSubtreeBalancesHandler implements IQueryHandler<
  ListSubtreeBalances,
  At<Page<SubtreeBalanceView>>
> {
  constructor(@Inject(ReadModels) private readonly models: ReadModels) {}

  async execute(query: ListSubtreeBalances): Promise<At<Page<SubtreeBalanceView>>> {
    const { ledgerId } = query.reader;
    const ledger = await this.models.ledger(query.reader);
    return ledger.read(ledgerId, (sql, scope) => readSubtreeBalances(sql, scope, query.request, query.page));
  }
}
