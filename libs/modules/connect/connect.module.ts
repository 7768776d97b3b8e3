import { connectEvents, connectPublicEvents, connectRefusals } from '@fintech-ledger/connect/domain';
import type { ModuleManifest } from '@fintech-ledger/manifest';
import { connectPart } from './connect-part';
import { connectProjection } from './read-model/connect-projection';

/** Whom a platform collects money for: connected accounts, what they have to give, and where they are paid out to. */
export const connectModule: ModuleManifest = {
  name: 'connect',
  imports: ['access', 'ledger', 'payments', 'privacy'],
  streams: [{ events: connectEvents, part: connectPart, publicEvents: connectPublicEvents }],
  refusals: connectRefusals,
  scopes: ['connect:read', 'connect:write', 'connect:admin'],
  projections: [connectProjection],
  policies: [],
  migrations: ['0051-connected-accounts.sql'],
  api: [async () => (await import('@fintech-ledger/connect/nest')).connectApi],
};
