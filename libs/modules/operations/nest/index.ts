import type { ApiParts } from '@fintech-ledger/http';
import { ClockController } from '../clock/clock.controller';
import { HealthController } from '../health/health.controller';
import { ParkedController } from '../parked/parked.controller';
import { ListProjectionsHandler } from '../projections/list-projections.handler';
import { RebuildsController } from '../rebuilds/rebuilds.controller';

/** What the API's process composes of operations. Loading it loads Nest. */
export const operationsApi: ApiParts = {
  controllers: [HealthController, ClockController, RebuildsController, ParkedController],
  providers: [ListProjectionsHandler],
};
