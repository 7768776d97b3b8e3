import type { ModuleManifest } from '@fintech-ledger/manifest';

/** What operators ask of a process, and tell it: its health, its metrics, its read models, its clock. */
export const operationsModule: ModuleManifest = {
  name: 'operations',
  imports: [],
  streams: [],
  refusals: [],
  scopes: ['ops:read', 'ops:write'],
  projections: [],
  policies: [],
  migrations: [],
  api: [async () => (await import('@fintech-ledger/operations/nest')).operationsApi],
};
