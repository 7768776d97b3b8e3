import { clockView } from './clock';
import type { AccessEvent } from './events';
import { secretMark } from './secret-mark';
import { apiKeyView, revokedApiKeyView, rotatedApiKeyView } from './show-api-key';
import { sandboxView } from './show-sandbox';

export interface OrganizationAnswer {
  readonly stream: string;
  /** The revision of the last event, or the one that the command was judged at. */
  readonly revision: number;
  readonly dryRun: boolean;
}

/** The text of the answer to a command of an organization: the API's view of what came to be, and where. */
export function organizationAnswer({ stream, revision, dryRun }: OrganizationAnswer, view: object): string {
  const owner = stream.slice(stream.indexOf('-') + 1);
  return JSON.stringify({ ...view, position: `${owner}@${revision}`, ...(dryRun ? { dry_run: true } : {}) });
}

export interface AccessAnswerRequest extends OrganizationAnswer {
  readonly events: readonly AccessEvent[];
}

/** The answer to a command, from its events alone. */
export function answer(request: AccessAnswerRequest): string {
  return organizationAnswer(request, viewOf(request.events[0]));
}

function viewOf(event: AccessEvent | undefined): object {
  switch (event?.type) {
    case undefined:
      return {};
    case 'OrganizationCreated': {
      const { id, name, createdAt } = event.data.organization;
      return { id, object: 'organization', name, created_at: createdAt };
    }
    case 'SandboxCreated':
      return sandboxView(event.data.sandbox);
    case 'SandboxOpened':
      return sandboxView({ ...event.data.organization, id: event.data.organization.sandboxId });
    case 'ApiKeyCreated':
      return apiKeyView(event.data.apiKey);
    case 'ApiKeyRotated':
      return { ...rotatedApiKeyView(event.data.apiKey), secret: secretMark(event.data.apiKey.hmac) };
    case 'ApiKeyRevoked':
      return revokedApiKeyView(event.data);
    case 'ClockFrozen':
      return clockView(event.data.time, true);
    case 'ClockReleased':
      return clockView(event.data.time, false);
    // It is where it goes when it is answered: until then nobody is told. The id is for who waits for that.
    case 'ClockAdvanceBegun':
    case 'ClockAdvanceContinued':
    case 'ClockAdvanceEnded': {
      const { to, frozen, id } = event.data.advance;
      return { ...clockView(to, frozen), advance: id };
    }
  }
}
