import { BrokenInvariant } from '@fintech-ledger/contract';
import type { AccessEvent } from './events';
import { apiKeyKey, apiKeyOf, ledgerKey, organizationKey, organizationOf, unitKey, unitOf } from './records';
import type { AccessRecord, AccessView } from './records';

export interface AccessChange {
  readonly key: string;
  readonly record: AccessRecord;
}

/** The records that an event changes. @throws BrokenInvariant when it contradicts the state */
export function evolve(view: AccessView, event: AccessEvent): readonly AccessChange[] {
  switch (event.type) {
    case 'OrganizationCreated':
      if (organizationOf(view) !== undefined) throw new BrokenInvariant('the organization was created twice');
      return [{ key: organizationKey, record: { kind: 'organization', ...event.data.organization } }];
    case 'ApiKeyCreated': {
      const { apiKey } = event.data;
      return [{ key: apiKeyKey(apiKey.id), record: { kind: 'api_key', ...apiKey, revokedAt: null } }];
    }
    case 'ApiKeyRevoked': {
      const key = apiKeyOf(view, event.data.apiKeyId);
      if (key === undefined)
        throw new BrokenInvariant(`API key ${event.data.apiKeyId} was revoked, never created`);
      return [{ key: apiKeyKey(key.id), record: { ...key, revokedAt: event.data.revokedAt } }];
    }
    case 'LedgerCreated': {
      const { ledger } = event.data;
      return [{ key: ledgerKey(ledger.id), record: { kind: 'ledger', ...ledger } }];
    }
    case 'UnitDeclared': {
      const { unit } = event.data;
      if (unitOf(view, unit.code)?.isUsed === true) {
        throw new BrokenInvariant(`unit ${unit.code} was declared again while in use`);
      }
      return [{ key: unitKey(unit.code), record: { kind: 'unit', ...unit, isUsed: false } }];
    }
    case 'UnitUsed': {
      const unit = unitOf(view, event.data.code);
      if (unit === undefined) throw new BrokenInvariant(`unit ${event.data.code} was used, never declared`);
      return [{ key: unitKey(unit.code), record: { ...unit, isUsed: true } }];
    }
  }
}
