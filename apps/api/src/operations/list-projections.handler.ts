import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ProjectionView } from '@fintech-ledger/projection-runtime';
import { projectionQueriesPort } from './projection-queries';
import type { ProjectionQueries } from './projection-queries';

/** Answers `readonly ProjectionView[]`. */
export class ListProjections {}

@QueryHandler(ListProjections)
export class ListProjectionsHandler implements IQueryHandler<ListProjections, readonly ProjectionView[]> {
  constructor(@Inject(projectionQueriesPort) private readonly queries: ProjectionQueries) {}

  execute(): Promise<readonly ProjectionView[]> {
    return this.queries.projections();
  }
}
