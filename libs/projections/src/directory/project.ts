import type { ApiKeyFacts, LedgerFacts, OrganizationFacts, UnitFacts } from '@fintech-ledger/access';
import type { OrganizationEvent, ReadModelEvent } from '../event';

interface Owned {
  readonly organizationId: string;
  /** Of the event: the order of lists. */
  readonly revision: number;
}
export interface DirectoryChanges {
  readonly organizations: readonly OrganizationFacts[];
  readonly ledgers: readonly (Owned & LedgerFacts)[];
  readonly units: readonly (Owned & UnitFacts)[];
  readonly usedUnits: readonly { readonly organizationId: string; readonly code: string }[];
  readonly apiKeys: readonly (Owned & ApiKeyFacts)[];
  readonly revokedKeys: readonly { readonly id: string; readonly revokedAt: string }[];
}

/** What a batch says of organizations, each thing once; pure. A unit that is declared again has its last values. */
export function projectDirectory(events: readonly ReadModelEvent[]): DirectoryChanges {
  const organizations: OrganizationFacts[] = [];
  const ledgers: (Owned & LedgerFacts)[] = [];
  const units = new Map<string, Owned & UnitFacts>();
  const usedUnits = new Map<string, { organizationId: string; code: string }>();
  const apiKeys: (Owned & ApiKeyFacts)[] = [];
  const revokedKeys = new Map<string, { id: string; revokedAt: string }>();
  for (const { organizationId, revision, event } of events.filter(isOrganizationEvent)) {
    const owned = { organizationId, revision };
    switch (event.type) {
      case 'OrganizationCreated':
        organizations.push(event.data.organization);
        break;
      case 'LedgerCreated':
        ledgers.push({ ...owned, ...event.data.ledger });
        break;
      case 'UnitDeclared': {
        const { unit } = event.data;
        const place = `${organizationId}/${unit.code}`;
        units.set(place, { ...owned, revision: units.get(place)?.revision ?? revision, ...unit });
        break;
      }
      case 'UnitUsed':
        usedUnits.set(`${organizationId}/${event.data.code}`, { organizationId, code: event.data.code });
        break;
      case 'ApiKeyCreated':
        apiKeys.push({ ...owned, ...event.data.apiKey });
        break;
      case 'ApiKeyRevoked': {
        const { apiKeyId: id, revokedAt } = event.data;
        if (!revokedKeys.has(id)) revokedKeys.set(id, { id, revokedAt });
        break;
      }
    }
  }
  return {
    organizations,
    ledgers,
    units: [...units.values()],
    usedUnits: [...usedUnits.values()],
    apiKeys,
    revokedKeys: [...revokedKeys.values()],
  };
}

const isOrganizationEvent = (event: ReadModelEvent): event is OrganizationEvent =>
  event.kind === 'organization';
