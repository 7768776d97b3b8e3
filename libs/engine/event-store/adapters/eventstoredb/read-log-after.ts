import type { EventsAfter } from '../../log-reader';
import { subscriptionBatchEvents } from '../../limits';
import { StoreUnavailable } from '../../port';
import type { GlobalPosition, RecordedEvent } from '../../port';
import { comparePositions, parsePosition } from './position';
import type { LogPosition } from './position';
import { positionOf, positionUnknown } from './position-unknown';
import { filteredLogRequest } from './read-request';
import { isPositionRefused, serverErrorOf } from './server-error';
import type { Page, StreamReader } from './stream-reader';

/**
 * See `LogReader`. Where the log ends is read before, because a filtered read does not say how far it looked;
 * both from the leader.
 * @throws StoreUnavailable, PositionUnknown
 */
export async function readLogAfter(
  reader: StreamReader,
  after: GlobalPosition | undefined,
  prefixes: readonly string[],
): Promise<EventsAfter> {
  const from = after === undefined ? undefined : positionOf(after);
  const end = (await reader.readEnd())?.position;
  const isOlder = from !== undefined && (end === undefined || comparePositions(positionOf(end), from) < 0);
  if (isOlder) throw positionUnknown(after ?? '');
  const request = filteredLogRequest(from, prefixes, subscriptionBatchEvents);
  const page = await reader.readLog(request, from === undefined).catch((error: unknown) => {
    const isRefused = error instanceof StoreUnavailable && isPositionRefused(serverErrorOf(error.cause));
    throw from !== undefined && isRefused ? positionUnknown(after ?? '') : error;
  });
  return answerOf(page, from, end);
}

function answerOf(page: Page, from: LogPosition | undefined, end: GlobalPosition | undefined): EventsAfter {
  const isLater = ({ position, type }: RecordedEvent): boolean =>
    // The server's own events are nobody's, also those that it puts into our streams ($streamDeleted).
    !type.startsWith('$') && (from === undefined || comparePositions(positionOf(position), from) > 0);
  const isAll = !page.isCut && page.events.length < subscriptionBatchEvents;
  const last = page.events.at(-1)?.position;
  return { events: page.events.filter(isLater), isAll, position: isAll ? later(last, end) : last };
}

/** What is stored between the two reads lies behind the end that the first one found. */
function later(a: GlobalPosition | undefined, b: GlobalPosition | undefined): GlobalPosition | undefined {
  const [first, second] = [a, b].map((one) => (one === undefined ? undefined : parsePosition(one)));
  if (first === undefined || second === undefined) return a ?? b;
  return comparePositions(first, second) > 0 ? a : b;
}
