import { storableValue } from '@fintech-ledger/contract';
import type { AnyEventType, EventList } from '@fintech-ledger/contract';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { PoisonEvent } from './errors';
import { parseObject } from './rows/parse-object';

/**
 * The data of an event, as the newest version of its type has them, with texts that Postgres can hold: releases before
 * this one could record others.
 * @throws PoisonEvent type or version is not in the list, the JSON can't be read or lacks a field that it always has
 */
export function readData(
  recorded: RecordedEvent,
  events: Pick<EventList<AnyEventType>, 'readableVersion'>,
  version: unknown,
  partOf?: (type: string, data: string) => object | undefined,
): object {
  const readable = events.readableVersion(recorded.type, version);
  if (typeof readable === 'string')
    throw new PoisonEvent(recorded, readable, { haltCode: 'unknown_event_version' });
  const { present, upcast } = readable;
  const part = partOf?.(recorded.type, recorded.data);
  if (part !== undefined) return part;
  const data = storableValue(parseObject(recorded, recorded.data, 'data'), recorded.data);
  for (const field of present) {
    if (data[field] === undefined || data[field] === null)
      throw new PoisonEvent(recorded, `its data has no ${field}`);
  }
  return upcast === undefined ? data : upcast(data);
}
