import type { CommandItems } from './domain';
import { AnswerUnavailable, CommandOutcomeUnknown } from './gateway';
import type { BookedAt, CommandAccepted, CommandEnvelope, CommandOutcome } from './gateway';

/** Which of a command's items are asked for: from here to the end. */
export interface ItemRange {
  readonly from: number;
  readonly of: number;
}

/** Between a command's idempotency key and the first item of a part of it: not printable, and no line of a stream of lines. */
const partSeparator = '\u001f@';

/**
 * A command of many items that is not all or nothing, stored in as many appends as it takes. Each part is a command of its own: the first one
 * has the command's idempotency key, each further one a key that names its first item, and its events say which items it has. So a repetition
 * finds every part that is stored, however it was cut then, and goes on where it ended: after a crash between two parts nothing is lost and
 * nothing booked twice, and the answer is made of the same parts again.
 * @param submit decides a command's items and stores as many of them as one append takes
 * @throws CommandOutcomeUnknown some parts are stored, and it says up to where; the same idempotency key completes it
 */
export async function submitInParts<C>(
  items: CommandItems<C>,
  envelope: CommandEnvelope<C>,
  of: number,
  submit: (envelope: CommandEnvelope<C>, range: ItemRange) => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  const first = await submit(envelope, { from: 0, of });
  if (first.kind === 'refused' || first.rest === undefined) return first;
  const parts: CommandAccepted[] = [first];
  for (let from: number | undefined = first.rest; from !== undefined;) {
    const part: CommandAccepted = await submit(restOf(items, envelope, from), { from, of })
      .then(accepted)
      .catch((error: unknown) => unfinished(error, bookedOf(envelope.stream, parts)));
    parts.push(part);
    from = part.rest;
  }
  const last = Math.max(lastBooked(parts), 0);
  return {
    kind: 'accepted',
    answer: items.join(
      parts.map(({ answer }) => answer),
      last,
    ),
    revision: (parts[last] ?? first).revision,
    replayed: parts.every(({ replayed }) => replayed),
  };
}

/**
 * The command without the items before `from`, under the key of that part.
 * @param at the first item that the given envelope has: 0 unless it is of a part itself
 */
export function restOf<C>(
  items: CommandItems<C>,
  envelope: CommandEnvelope<C>,
  from: number,
  at = 0,
): CommandEnvelope<C> {
  const [idempotencyKey] = envelope.idempotencyKey?.split(partSeparator) ?? [];
  return {
    ...envelope,
    command: items.from(envelope.command, from - at),
    ...(idempotencyKey !== undefined && { idempotencyKey: `${idempotencyKey}${partSeparator}${from}` }),
  };
}

/** It is where the last of what was booked is, whatever was refused after it. -1: nothing was. */
function lastBooked(parts: readonly CommandAccepted[]): number {
  return parts.findLastIndex(({ isEmpty }) => isEmpty !== true);
}

function bookedOf(stream: string, parts: readonly CommandAccepted[]): BookedAt | undefined {
  const last = parts[lastBooked(parts)];
  return last && { stream, revision: last.revision };
}

function accepted(outcome: CommandOutcome): CommandAccepted {
  if (outcome.kind === 'accepted') return outcome;
  throw new CommandOutcomeUnknown(
    `a part of it is stored, and the rest was refused: ${outcome.refusal.detail}`,
  );
}

/** Whatever kept a later part from being stored, or read: nobody may be told that nothing was written, nor that all of it was. */
function unfinished(error: unknown, before: BookedAt | undefined): never {
  // That part is stored too, only its answer can't be had.
  const booked = error instanceof AnswerUnavailable ? error : before;
  throw new CommandOutcomeUnknown(
    `a part of it is stored, the rest may not be: ${(error as Error).message}`,
    { cause: error, booked: booked && { stream: booked.stream, revision: booked.revision } },
  );
}
