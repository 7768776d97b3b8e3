import type { RecordedEvent } from '@fintech-ledger/event-store';
import { PoisonEvent } from '../errors';

/** A text of an event that has to be a JSON object. @throws PoisonEvent */
export function parseObject(
  recorded: RecordedEvent,
  text: string,
  what: string,
): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch (cause) {
    throw new PoisonEvent(recorded, `its ${what} is not JSON`, { cause });
  }
  throw new PoisonEvent(recorded, `its ${what} is not a JSON object`);
}
