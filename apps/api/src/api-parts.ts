import type { ApiParts, DeclaredProblems } from '@fintech-ledger/http';
import { modules } from '../../modules';
import { ClockController } from './operations/clock.controller';
import { ListProjectionsHandler } from './operations/list-projections.handler';
import { OperationsController } from './operations/operations.controller';

/** The operations of all modules, and after them those that tell how the product itself is doing. */
export async function apiParts(): Promise<ApiParts & { readonly problems: DeclaredProblems }> {
  const { controllers, providers, problems } = await modules.api();
  return {
    controllers: [...controllers, OperationsController, ClockController],
    providers: [...providers, ListProjectionsHandler],
    problems: { facts: {}, factsOfEach: {}, ...problems, refusals: modules.refusals },
  };
}
