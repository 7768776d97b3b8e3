import { memberTexts } from './json-texts';
import type { StoredEvent } from './stored-hash';

/**
 * A raw event as `GET …/events` gives it, one JSON text, with the texts of its data and metadata as they stand in it.
 * @throws SyntaxError it is not JSON, or not an event
 */
export function eventOfText(text: string): StoredEvent {
  const event = JSON.parse(text) as Partial<Record<keyof StoredEvent, unknown>> | null;
  const members = memberTexts(text);
  if (members === undefined) throw new SyntaxError('a member of the event comes twice');
  const [data, metadata] = [members.get('data'), members.get('metadata')];
  const { id, stream, type, revision } = event ?? {};
  if (
    typeof id !== 'string' ||
    typeof stream !== 'string' ||
    typeof type !== 'string' ||
    typeof revision !== 'number' ||
    data === undefined ||
    metadata === undefined
  )
    throw new SyntaxError('it has not the form of an event');
  return { id, stream, type, revision, data, metadata };
}
