import type { RefusedAttempt, TakenAction } from '@fintech-ledger/audit/domain';
import type { EventMetadata } from '@fintech-ledger/envelope';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { PublicEventRegistry } from '@fintech-ledger/events';
import { JournalDisagrees } from '@fintech-ledger/projection-runtime';

/** An event as the audit log reads it. */
export interface Said {
  readonly type: string;
  readonly data: object;
  readonly metadata: Partial<EventMetadata>;
}

/** Reads an event of the store. @throws JournalDisagrees it can't be read by this process */
export function readSaid(registry: Pick<PublicEventRegistry, 'eventsOf'>, recorded: RecordedEvent): Said {
  const { stream, revision, type } = recorded;
  const metadata = parsed(recorded, recorded.metadata) as Partial<EventMetadata>;
  const data = parsed(recorded, recorded.data);
  const event = registry.eventsOf(type)?.read(type, metadata.version, data);
  if (event === undefined || typeof event === 'string')
    throw new JournalDisagrees(stream, revision, event ?? 'its type is not known');
  return { type, data: event.data, metadata };
}

/** What a request asked for, as no event but that of the trail says it. */
export type Asked = RefusedAttempt | TakenAction;

/** Of an event of the trail, all that it says; undefined: it is another event. */
export function askedIn(type: string, data: object): readonly Asked[] | undefined {
  if (type === 'AttemptsRefused') return (data as { readonly attempts: readonly Asked[] }).attempts;
  if (type === 'ActionsTaken') return (data as { readonly actions: readonly Asked[] }).actions;
  return undefined;
}

/** Why it was refused; null: it was done. */
export const codeOf = (asked: Asked): string | null => ('code' in asked ? asked.code : null);

function parsed({ stream, revision }: RecordedEvent, text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    throw new JournalDisagrees(stream, revision, 'it is not JSON');
  }
}
