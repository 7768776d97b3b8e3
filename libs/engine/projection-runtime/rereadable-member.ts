import { selectCheckpoints } from './checkpoints';
import type { LaneOptions } from './lane-options';
import type { Member } from './member';
import { rereadStream } from './reread-stream';
import type { Rereadable } from './rereader';

/** A projection of a lane, as something that can read one of its streams again. */
export function rereadable<E>(
  member: Member<E>,
  { db, history, decode, linkOf, observer }: LaneOptions<E>,
): Rereadable {
  const { projection } = member;
  const { name } = projection;
  return {
    name,
    suspended: member.suspended,
    suspend: (stream, revision) => member.suspend(stream, revision),
    resume: (stream, head) => member.resume(stream, head),
    reached: async (stream) => (await selectCheckpoints(db, name, [stream])).get(stream)?.revision ?? -1,
    // Its checkpoint says whether it begins again.
    reread: (stream) =>
      rereadStream({
        db,
        history,
        decode,
        linkOf,
        projection,
        stream,
        applied: (advances) => observer.progressed?.(name, advances),
      }),
  };
}
