import { TooManyHalted } from './errors';
import { haltedStreamsMax } from './limits';
import type { SuspendedStreams } from './suspended-streams';

interface Halting {
  readonly projection: { readonly name: string };
  readonly suspended: SuspendedStreams;
}

/** @throws TooManyHalted */
export function checkHalted(members: readonly Halting[]): void {
  const full = members.find(({ suspended }) => suspended.names.length > haltedStreamsMax);
  if (full === undefined) return;
  throw new TooManyHalted(
    `more than ${haltedStreamsMax} streams of the projection ${full.projection.name} are halted: ` +
      'see read.halted_streams for the reasons',
  );
}

/** Whether so many more streams may be halted together, of which some need not be. */
export function hasRoomFor(streams: number, members: readonly Halting[]): boolean {
  return members.every(({ suspended }) => suspended.names.length + streams <= haltedStreamsMax / 2);
}
