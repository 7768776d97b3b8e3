import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import type { ReadOptions } from '../../port';
import { streamIdentifier } from './append-request';
import { checkpointEvents } from './limits';
import type { LogPosition } from './position';

const { Options } = ReadReq;
/** The server looks at so many events at a time; a checkpoint follows after some such windows. */
const searchWindowEvents = 512;

/** A page of a stream, `from` inclusive. */
export function streamRequest(stream: string, { from, direction, limit }: ReadOptions): ReadReq {
  const isBackwards = direction === 'backwards';
  const place = new Options.StreamOptions().setStreamIdentifier(streamIdentifier(stream));
  if (from !== undefined) place.setRevision(String(from));
  else if (isBackwards) place.setEnd(new Empty());
  else place.setStart(new Empty());
  const options = common()
    .setStream(place)
    .setReadDirection(isBackwards ? 1 : 0)
    .setCount(String(limit))
    .setNoFilter(new Empty());
  return new ReadReq().setOptions(options);
}

/** One event of the log: the one at `position`, or the last one of all. */
export function logRequest(position: LogPosition | 'last'): ReadReq {
  const place = new Options.AllOptions();
  if (position === 'last') place.setEnd(new Empty());
  else place.setPosition(wirePosition(position));
  const options = common()
    .setAll(place)
    .setReadDirection(position === 'last' ? 1 : 0)
    .setCount('1')
    .setNoFilter(new Empty());
  return new ReadReq().setOptions(options);
}

/** The log from `from` on (inclusive; absent: from its beginning), filtered by the names of streams. */
export function filteredLogRequest(
  from: LogPosition | undefined,
  prefixes: readonly string[],
  limit: number,
): ReadReq {
  const options = common()
    .setAll(placeAt(from))
    .setReadDirection(0)
    .setCount(String(limit))
    .setFilter(streamFilter(prefixes));
  return new ReadReq().setOptions(options);
}

/** A subscription, `after` exclusive, that the server filters by the names of streams. */
export function subscriptionRequest(after: LogPosition | undefined, prefixes: readonly string[]): ReadReq {
  const filter = streamFilter(prefixes).setCheckpointintervalmultiplier(
    checkpointEvents / searchWindowEvents,
  );
  const options = common()
    .setAll(placeAt(after))
    .setReadDirection(0)
    .setSubscription(new Options.SubscriptionOptions())
    .setFilter(filter);
  return new ReadReq().setOptions(options);
}

function placeAt(position: LogPosition | undefined): ReadReq.Options.AllOptions {
  const place = new Options.AllOptions();
  if (position === undefined) place.setStart(new Empty());
  else place.setPosition(wirePosition(position));
  return place;
}

function streamFilter(prefixes: readonly string[]): ReadReq.Options.FilterOptions {
  const expression = new Options.FilterOptions.Expression();
  // The streams of the server itself begin with $: they are not meant by "every stream".
  if (prefixes.includes('')) expression.setRegex('^[^$]');
  else expression.setPrefixList([...prefixes]);
  return new Options.FilterOptions().setStreamIdentifier(expression).setMax(searchWindowEvents);
}

function common(): ReadReq.Options {
  return new Options().setResolveLinks(false).setUuidOption(new Options.UUIDOption().setString(new Empty()));
}

function wirePosition({ commit, prepare }: LogPosition): ReadReq.Options.Position {
  return new Options.Position().setCommitPosition(commit).setPreparePosition(prepare);
}
