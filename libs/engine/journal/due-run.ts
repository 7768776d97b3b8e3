import { revision as asRevision } from '@fintech-ledger/event-store';
import type { DueRecords } from './due-records';
import type { Effects } from './effects';
import { clockUnknown, WriterUnavailable } from './gateway';
import type { CommandAccepted, DueRun } from './gateway';
import type { DomainEvent, DomainRecord } from './domain';
import { inTime } from './in-time';
import type { Ownership } from './ownership';
import type { WriterPosition } from './writer-position';

/** What came of a run. */
export interface DueRan {
  /** How many records were acted on. */
  readonly ran: number;
  /** When the next record is due; null: none is. */
  readonly nextAt: string | null;
  /** Something was done outside meanwhile: it may have made something due in other streams too. */
  readonly hadEffects: boolean;
}

/** How long one run may take: its caller waits, and may be in another process. */
const runMsMax = 2_000;

interface DueRunParts<C, E extends DomainEvent, R extends DomainRecord> {
  readonly due: DueRecords<C, E, R>;
  readonly position: WriterPosition;
  readonly effects: Effects<C> | undefined;
  readonly writer: { step(): void; checkpoint(): Promise<void> };
  readonly stream: string;
  readonly ownership?: Pick<Ownership, 'confirms' | 'holds'> | undefined;
}

/**
 * Acts on what is due in one stream up to a time, each at its own time and in order: what becomes due on the way is
 * among it. It ends early where effects were begun, once these are done: they may have made something due in other
 * streams too.
 * @throws WriterUnavailable what time it is, or whether the stream is still ours, is not known
 */
export async function runDue<C, E extends DomainEvent, R extends DomainRecord>(
  { due, position, effects, writer, stream, ownership }: DueRunParts<C, E, R>,
  { until, recordsMax, saves = false }: DueRun,
): Promise<CommandAccepted> {
  if (!position.isTimeKnown()) throw new WriterUnavailable(clockUnknown);
  const endAt = performance.now() + runMsMax;
  const [handled, begun] = [due.handled, effects?.begun];
  if (saves) await writer.checkpoint();
  await effects?.settled(endAt);
  for (;;) {
    if (due.isBeyondHorizon) {
      await writer.checkpoint();
      await due.reload();
    }
    const { nextAt } = due;
    const ran = due.handled - handled;
    const hadEffects = effects?.begun !== begun;
    const isOver = hadEffects || ran >= recordsMax || performance.now() >= endAt;
    if (nextAt === undefined || nextAt > until || isOver) {
      const said: DueRan = { ran, nextAt: nextAt ?? null, hadEffects };
      const answer = accepted(said, position.confirmed.revision);
      // Another process may know more of what is due.
      if (ownership?.holds(stream) === false) await checkOwner(ownership, stream);
      return answer;
    }
    position.moveTo(nextAt);
    writer.step();
    await due.settled(nextAt, endAt);
    await effects?.settled(endAt);
  }
}

async function checkOwner(ownership: Pick<Ownership, 'confirms'>, stream: string): Promise<void> {
  const unknown = (): Error =>
    new WriterUnavailable(`it is not known whether ${stream} is still written here`);
  if (!(await inTime(ownership.confirms(stream), performance.now() + runMsMax, unknown))) throw unknown();
}

/** As a command is answered. */
function accepted(ran: DueRan, revision: number): CommandAccepted {
  return {
    kind: 'accepted',
    answer: JSON.stringify(ran),
    revision: asRevision(revision),
    replayed: false,
  };
}
