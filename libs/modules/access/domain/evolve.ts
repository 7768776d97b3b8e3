import { BrokenInvariant } from '@fintech-ledger/contract';
import { evolveClock } from './clock';
import type { AccessEvent } from './events';
import {
  apiKeyKey,
  apiKeyOf,
  organizationKey,
  organizationOf,
  sandboxCountOf,
  sandboxesKey,
} from './records';
import type { AccessChange, AccessView, OrganizationRecord } from './records';

/** The records that an event changes. @throws BrokenInvariant when it contradicts the state */
export function evolve(view: AccessView, event: AccessEvent): readonly AccessChange[] {
  switch (event.type) {
    case 'OrganizationCreated':
      return begun(view, { kind: 'organization', ...event.data.organization });
    case 'SandboxOpened': {
      const { sandboxId: _public, ...organization } = event.data.organization;
      return begun(view, { kind: 'organization', ...organization });
    }
    case 'SandboxCreated':
      return [{ key: sandboxesKey, record: { kind: 'sandboxes', count: sandboxCountOf(view) + 1 } }];
    case 'ApiKeyCreated': {
      const { apiKey } = event.data;
      return [{ key: apiKeyKey(apiKey.id), record: { kind: 'api_key', ...apiKey, revokedAt: null } }];
    }
    case 'ApiKeyRotated': {
      const { apiKey } = event.data;
      if (apiKeyOf(view, apiKey.id) === undefined)
        throw new BrokenInvariant(`API key ${apiKey.id} was rotated, never created`);
      return [{ key: apiKeyKey(apiKey.id), record: { kind: 'api_key', ...apiKey, revokedAt: null } }];
    }
    case 'ApiKeyRevoked': {
      const key = apiKeyOf(view, event.data.apiKeyId);
      if (key === undefined)
        throw new BrokenInvariant(`API key ${event.data.apiKeyId} was revoked, never created`);
      return [{ key: apiKeyKey(key.id), record: { ...key, revokedAt: event.data.revokedAt } }];
    }
    case 'ClockFrozen':
    case 'ClockReleased':
    case 'ClockAdvanceBegun':
    case 'ClockAdvanceContinued':
    case 'ClockAdvanceEnded':
      return evolveClock(event);
  }
}

function begun(view: AccessView, record: OrganizationRecord): readonly AccessChange[] {
  if (organizationOf(view) !== undefined) throw new BrokenInvariant('the organization was created twice');
  return [{ key: organizationKey, record }];
}
