import { answer } from './answer';
import type { AccessAnswerRequest } from './answer';
import type { AccessCommand } from './commands';
import { decide } from './decide';
import type { AccessContext, AccessDecision } from './decide';
import { accessEvents } from './events';
import type { AccessEvent } from './events';
import { evolve } from './evolve';
import type { AccessChange } from './evolve';
import { apiKeyKey, organizationKey, unitKey } from './records';
import type { AccessRecord, AccessView } from './records';

/** The organization stream as the journal writer runs it: the shape of `JournalDomain`, which this library may not import. */
export const accessDomain = {
  events: accessEvents,
  reads(command: AccessCommand): readonly string[] {
    switch (command.type) {
      case 'CreateOrganization':
      case 'CreateLedger':
        return [organizationKey];
      case 'CreateApiKey':
      case 'RevokeApiKey':
        return [organizationKey, apiKeyKey(command.apiKeyId)];
      case 'DeclareUnit':
      case 'UseUnit':
        return [organizationKey, unitKey(command.code)];
    }
  },
  decide(view: AccessView, command: AccessCommand, context: AccessContext): AccessDecision {
    return decide(view, command, context);
  },
  evolve(view: AccessView, event: AccessEvent): readonly AccessChange[] {
    return evolve(view, event);
  },
  /** Every record of an organization is kept in its checkpoint: there are few. */
  revisionOf(_key: string): undefined {
    return undefined;
  },
  recordFrom(_key: string, _event: AccessEvent): undefined {
    return undefined;
  },
  encode(record: AccessRecord): { readonly text: string } {
    return { text: JSON.stringify(record) };
  },
  decode(_key: string, text: string): AccessRecord {
    return JSON.parse(text) as AccessRecord;
  },
  /** Nothing in an organization happens by itself. */
  dueAt(_record: AccessRecord): undefined {
    return undefined;
  },
  answer(request: AccessAnswerRequest): string {
    return answer(request);
  },
};
