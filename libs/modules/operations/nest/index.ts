import { readinessShape } from '@fintech-ledger/health';
import type { ApiParts } from '@fintech-ledger/http';
import { projectionList, projectionShape } from '@fintech-ledger/projection-runtime';
import { ClockController } from '../clock/clock.controller';
import { clockConfirmationShape } from '../clock/clock-shape';
import { HealthController } from '../health/health.controller';
import { ListProjectionsHandler } from '../projections/list-projections.handler';

/** What the API's process composes of operations. Loading it loads Nest. */
export const operationsApi: ApiParts = {
  controllers: [HealthController, ClockController],
  answers: [projectionShape, projectionList, clockConfirmationShape, readinessShape],
  providers: [ListProjectionsHandler],
};
