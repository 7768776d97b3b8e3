import { accessEvents, accessPart, accessPublicEvents, accessRefusals } from '@fintech-ledger/access/domain';
import type { AccessCommand, AccessEvent, AccessRecord } from '@fintech-ledger/access/domain';
import type { DomainPart } from '@fintech-ledger/journal';
import type { ModuleManifest } from '@fintech-ledger/manifest';
import { ClockAdvancer } from './clock/clock-advancer';
import { directoryProjection } from './read-model/directory-projection';

const part: DomainPart<AccessCommand, AccessEvent, AccessRecord> = accessPart;

/** Who may do what: organizations, and their API keys. */
export const accessModule: ModuleManifest = {
  name: 'access',
  imports: ['ledger'],
  streams: [{ events: accessEvents, part, publicEvents: accessPublicEvents }],
  refusals: accessRefusals,
  scopes: ['keys:read', 'keys:write', 'organization:read', 'organization:admin'],
  projections: [directoryProjection],
  policies: [],
  effects: (world) => Promise.resolve(new ClockAdvancer(world)),
  migrations: [
    '0003-read-models.sql',
    '0021-sandboxes.sql',
    '0102-limits-of-api-keys.sql',
    '0103-last-uses-of-api-keys.sql',
  ],
  api: [async () => (await import('@fintech-ledger/access/nest')).accessApi],
};

/** What a query about an organization may read: all of it must have reached the position that is waited for. */
export const organizationProjections: readonly string[] = accessModule.projections.map(({ name }) => name);
