import { answer } from './answer';
import type { AccessAnswerRequest } from './answer';
import type { AccessCommand } from './commands';
import { decide } from './decide';
import type { AccessContext, AccessDecision } from './decide';
import { accessEvents } from './events';
import type { AccessEvent } from './events';
import { evolve } from './evolve';
import { apiKeyKey, clockAdvanceKey, clockKey, clockOf, organizationKey, sandboxesKey } from './records';
import type { AccessChange, AccessRecord, AccessView } from './records';

/** What happens to an organization and its API keys, in the shape of the journal's `DomainPart`. */
export const accessPart = {
  commands: {
    CreateOrganization: true,
    CreateSandbox: true,
    OpenSandbox: true,
    CreateApiKey: true,
    RotateApiKey: true,
    RevokeApiKey: true,
    FreezeClock: true,
    AdvanceClock: true,
    ReleaseClock: true,
    ReadClock: true,
    ReadClockAdvance: true,
    RecordClockAdvance: true,
    ContinueClockAdvance: true,
  },
  events: accessEvents,
  records: {
    organization: organizationKey,
    sandboxes: sandboxesKey,
    api_key: apiKeyKey(''),
    clock: clockKey,
    clock_advance: clockAdvanceKey(''),
  },
  reads(command: AccessCommand, view: AccessView): readonly string[] {
    switch (command.type) {
      case 'CreateOrganization':
      case 'OpenSandbox':
        return [organizationKey];
      case 'CreateSandbox':
        return [organizationKey, sandboxesKey];
      case 'CreateApiKey':
      case 'RotateApiKey':
      case 'RevokeApiKey':
        return [organizationKey, apiKeyKey(command.apiKeyId)];
      case 'FreezeClock':
      case 'AdvanceClock':
      case 'ReleaseClock':
        return [organizationKey, clockKey];
      case 'ReadClock': {
        const { advanceId = null } = clockOf(view) ?? {};
        return [organizationKey, clockKey, ...(advanceId === null ? [] : [clockAdvanceKey(advanceId)])];
      }
      case 'ReadClockAdvance':
      case 'RecordClockAdvance':
        return [organizationKey, clockAdvanceKey(command.advanceId)];
      case 'ContinueClockAdvance':
        return [organizationKey, ...command.advanceIds.map(clockAdvanceKey)];
    }
  },
  decide(view: AccessView, command: AccessCommand, context: AccessContext): AccessDecision {
    return decide(view, command, context);
  },
  evolve(view: AccessView, event: AccessEvent): readonly AccessChange[] {
    return evolve(view, event);
  },
  // It is about processes that die, not about what the sandbox does.
  isDueInRealTime: true,
  dueAt(record: AccessRecord): string | undefined {
    return record.kind === 'clock_advance' && !record.hasEnded ? record.advance.askAt : undefined;
  },
  dueCommand(keys: readonly string[]): AccessCommand {
    const advanceIds = keys.map((key) => key.slice(clockAdvanceKey('').length));
    return { type: 'ContinueClockAdvance', advanceIds };
  },
  effectsOf(event: AccessEvent) {
    if (event.type !== 'ClockAdvanceBegun' && event.type !== 'ClockAdvanceContinued') return [];
    const { advance } = event.data;
    return [{ kind: 'advance_clock', key: advance.id, attempt: advance.attempt, data: advance }];
  },
  answer(request: AccessAnswerRequest): string {
    return answer(request);
  },
} as const;
