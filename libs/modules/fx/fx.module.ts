import { fxEvents, fxPublicEvents, fxRefusals } from '@fintech-ledger/fx/domain';
import type { ModuleManifest } from '@fintech-ledger/manifest';
import { fxPart } from './fx-part';
import { fxProjection } from './read-model/fx-projection';

/** Money between currencies: rates, quotes, conversions of a balance, and what they leave open. */
export const fxModule: ModuleManifest = {
  name: 'fx',
  imports: ['access', 'ledger', 'payments'],
  streams: [{ events: fxEvents, part: fxPart, publicEvents: fxPublicEvents }],
  refusals: fxRefusals,
  scopes: ['fx:read', 'fx:write', 'fx:admin'],
  projections: [fxProjection],
  policies: [],
  migrations: ['0058-fx.sql'],
  api: [async () => (await import('@fintech-ledger/fx/nest')).fxApi],
};
