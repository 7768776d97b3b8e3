import type { ApiParts, DeclaredProblems } from '@fintech-ledger/http';
import { readinessShape } from '@fintech-ledger/health';
import { projectionList, projectionShape } from '@fintech-ledger/projection-runtime';
import { modules } from '../../modules';
import { ClockController } from './operations/clock.controller';
import { clockConfirmationShape } from './operations/clock-shape';
import { ListProjectionsHandler } from './operations/list-projections.handler';
import { OperationsController } from './operations/operations.controller';

/** The operations of all modules, and after them those that tell how the product itself is doing. */
export async function apiParts(): Promise<ApiParts & { readonly problems: DeclaredProblems }> {
  const { controllers, providers, answers, problems } = await modules.api();
  return {
    controllers: [...controllers, OperationsController, ClockController],
    providers: [...providers, ListProjectionsHandler],
    answers: [...answers, projectionShape, projectionList, clockConfirmationShape, readinessShape],
    problems: { ...problems, refusals: modules.refusals },
  };
}
