import type { AccessEvent } from './events';
import type { ApiKeyRevokedView, ApiKeyView, LedgerView, UnitView } from './views';

export interface AccessAnswerRequest {
  readonly stream: string;
  /** The revision of the last event, or the one that the command was judged at. */
  readonly revision: number;
  readonly events: readonly AccessEvent[];
  readonly dryRun: boolean;
}

/** The JSON text of the answer to a command, from its events alone: the API's view of what came to be, with its position. */
export function answer(request: AccessAnswerRequest): string {
  const owner = request.stream.slice(request.stream.indexOf('-') + 1);
  return JSON.stringify({
    ...viewOf(request.events[0]),
    position: `${owner}@${request.revision}`,
    ...(request.dryRun ? { dry_run: true } : {}),
  });
}

function viewOf(event: AccessEvent | undefined): object {
  switch (event?.type) {
    case undefined:
      return {};
    case 'OrganizationCreated': {
      const { id, name, createdAt } = event.data.organization;
      return { id, object: 'organization', name, created_at: createdAt };
    }
    case 'ApiKeyCreated': {
      const { id, name, scopes, last4, createdAt } = event.data.apiKey;
      return {
        id,
        object: 'api_key',
        name,
        scopes,
        last4,
        created_at: createdAt,
        revoked_at: null,
      } satisfies ApiKeyView;
    }
    case 'ApiKeyRevoked':
      return {
        id: event.data.apiKeyId,
        object: 'api_key',
        revoked_at: event.data.revokedAt,
      } satisfies ApiKeyRevokedView;
    case 'LedgerCreated': {
      const { id, name, description, metadata, createdAt } = event.data.ledger;
      return {
        id,
        object: 'ledger',
        name,
        description,
        metadata,
        created_at: createdAt,
      } satisfies LedgerView;
    }
    case 'UnitDeclared': {
      const { code, exponent, name, createdAt } = event.data.unit;
      return { object: 'unit', code, exponent, name, created_at: createdAt } satisfies UnitView;
    }
    case 'UnitUsed':
      return { object: 'unit', code: event.data.code };
  }
}
