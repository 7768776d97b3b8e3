import { globalPosition, revision } from '@fintech-ledger/event-store';
import type { FeedEvent } from '../../port';

interface Headed {
  readonly headers?: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;
}

/** What a record that can't be read still says of the event that it should be; undefined: not even its stream. */
export function unreadableRecord({ headers }: Headed, reason: string): FeedEvent | undefined {
  const header = (name: string): string => {
    const value = headers?.[name];
    return value === undefined || Array.isArray(value) ? '' : value.toString();
  };
  const stream = header('stream');
  if (stream === '') return undefined;
  return {
    id: header('id'),
    stream,
    revision: revision(/^\d{1,15}$/.test(header('revision')) ? Number(header('revision')) : NaN),
    type: header('type'),
    data: '',
    metadata: '',
    position: globalPosition(header('position')),
    unreadable: reason,
  };
}
