import { answer } from './answer';
import type { AccessAnswerRequest } from './answer';
import type { AccessCommand } from './commands';
import { decide } from './decide';
import type { AccessContext, AccessDecision } from './decide';
import { accessEvents } from './events';
import type { AccessEvent } from './events';
import { evolve } from './evolve';
import type { AccessChange } from './evolve';
import { apiKeyKey, organizationKey, sandboxesKey } from './records';
import type { AccessView } from './records';

/** What happens to an organization and its API keys, in the shape of the journal's `DomainPart`. */
export const accessPart = {
  commands: {
    CreateOrganization: true,
    CreateSandbox: true,
    OpenSandbox: true,
    CreateApiKey: true,
    RevokeApiKey: true,
  },
  events: accessEvents,
  records: { organization: organizationKey, sandboxes: sandboxesKey, api_key: apiKeyKey('') },
  reads(command: AccessCommand): readonly string[] {
    switch (command.type) {
      case 'CreateOrganization':
      case 'OpenSandbox':
        return [organizationKey];
      case 'CreateSandbox':
        return [organizationKey, sandboxesKey];
      case 'CreateApiKey':
      case 'RevokeApiKey':
        return [organizationKey, apiKeyKey(command.apiKeyId)];
    }
  },
  decide(view: AccessView, command: AccessCommand, context: AccessContext): AccessDecision {
    return decide(view, command, context);
  },
  evolve(view: AccessView, event: AccessEvent): readonly AccessChange[] {
    return evolve(view, event);
  },
  answer(request: AccessAnswerRequest): string {
    return answer(request);
  },
} as const;
