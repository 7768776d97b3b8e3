import { bankEvents, bankPublicEvents, bankRefusals } from '@fintech-ledger/bank/domain';
import type { ModuleManifest } from '@fintech-ledger/manifest';
import { bankPart } from './bank-part';
import { bankProjection } from './read-model/bank-projection';

/** Money that comes and goes by bank: the environment's accounts, their statements, and what each line was for. */
export const bankModule: ModuleManifest = {
  name: 'bank',
  imports: ['access', 'customers', 'ledger', 'payments', 'privacy'],
  streams: [{ events: bankEvents, part: bankPart, publicEvents: bankPublicEvents }],
  refusals: bankRefusals,
  scopes: [],
  projections: [bankProjection],
  policies: [],
  migrations: ['0063-bank-statements.sql', '0078-reconciliation.sql'],
  api: [async () => (await import('@fintech-ledger/bank/nest')).bankApi],
};
