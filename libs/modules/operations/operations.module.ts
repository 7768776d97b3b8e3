import type { ModuleManifest } from '@fintech-ledger/manifest';
import { parkedRefusals, rebuildRefusals } from '@fintech-ledger/projection-runtime';

/** What operators ask of a process, and tell it: its health, its metrics, its read models, its clock. */
export const operationsModule: ModuleManifest = {
  name: 'operations',
  imports: ['ledger'],
  streams: [],
  refusals: [...rebuildRefusals, ...parkedRefusals],
  scopes: ['ops:read', 'ops:write'],
  projections: [],
  policies: [],
  migrations: [],
  api: [async () => (await import('@fintech-ledger/operations/nest')).operationsApi],
};
