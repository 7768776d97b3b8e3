import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { decodeCursor, encodeCursor, pageOf } from '@fintech-ledger/projection-runtime';
import type { PageRequest, ProjectionView } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import { projectionStatesPort } from '../ports';
import type { ProjectionStates } from '../ports';

/** Answers `PageOf<ProjectionView>`, by their names. */
export class ListProjections {
  constructor(readonly page: PageRequest) {}
}

const cursorKind = 'projections';

@QueryHandler(ListProjections)
export class ListProjectionsHandler implements IQueryHandler<ListProjections, PageOf<ProjectionView>> {
  constructor(@Inject(projectionStatesPort) private readonly states: ProjectionStates) {}

  /** They are few, and looked at together, however many ask. @throws InvalidCursor */
  async execute({ page: { limit, cursor } }: ListProjections): Promise<PageOf<ProjectionView>> {
    const after = cursor === undefined ? '' : String(decodeCursor(cursorKind, ['string'], cursor)[0]);
    const all = (await this.states.projections()).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return pageOf(
      all.filter(({ name }) => name > after),
      limit,
      (view) => view,
      ({ name }) => encodeCursor(cursorKind, [name]),
    );
  }
}
