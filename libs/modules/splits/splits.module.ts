import type { ModuleManifest } from '@fintech-ledger/manifest';
import { splitEvents, splitPublicEvents, splitRuleRefusals } from '@fintech-ledger/splits/domain';
import { splitRulesProjection } from './read-model/split-rules-projection';
import { splitsPart } from './splits-part';

/** How money is split among parties, and why to the cent. */
export const splitsModule: ModuleManifest = {
  name: 'splits',
  imports: ['ledger', 'payments'],
  streams: [{ events: splitEvents, part: splitsPart, publicEvents: splitPublicEvents }],
  refusals: splitRuleRefusals,
  scopes: ['splits:read', 'splits:write'],
  projections: [splitRulesProjection],
  policies: [],
  migrations: ['0068-split-rules.sql'],
  api: [async () => (await import('@fintech-ledger/splits/nest')).splitsApi],
};
