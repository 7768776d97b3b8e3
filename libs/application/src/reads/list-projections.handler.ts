import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { projectionQueriesPort } from '../ports';
import type { ProjectionQueries } from '../queries';
import type { ProjectionView } from '../views';
import { ListProjections } from './list-projections';

@QueryHandler(ListProjections)
export class ListProjectionsHandler implements IQueryHandler<ListProjections, readonly ProjectionView[]> {
  constructor(@Inject(projectionQueriesPort) private readonly queries: ProjectionQueries) {}

  execute(): Promise<readonly ProjectionView[]> {
    return this.queries.projections();
  }
}
