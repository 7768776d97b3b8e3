import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ProjectionView } from '@fintech-ledger/projection-runtime';
import { projectionStatesPort } from '../ports';
import type { ProjectionStates } from '../ports';

/** Answers `readonly ProjectionView[]`. */
export class ListProjections {}

@QueryHandler(ListProjections)
export class ListProjectionsHandler implements IQueryHandler<ListProjections, readonly ProjectionView[]> {
  constructor(@Inject(projectionStatesPort) private readonly states: ProjectionStates) {}

  execute(): Promise<readonly ProjectionView[]> {
    return this.states.projections();
  }
}
