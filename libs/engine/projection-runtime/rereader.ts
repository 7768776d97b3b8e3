import { pauseAfter } from '@fintech-ledger/contract';
import type { Sql } from '@fintech-ledger/postgres';
import type { ChainHead } from './chain-head';
import { reasonOf } from './errors';
import { haltCodeOf } from './halt-codes';
import type { HaltCode } from './halt-codes';
import { deleteHalted, insertHalted, selectHaltedStreams, updateHalted } from './halted-streams';
import type { HaltedStream } from './halted-streams';
import { haltedPollMs, haltedStreamsMax, rereadFirstMs, rereadLastMs } from './limits';
import type { Alarm } from './observer';
import { Pause } from './pause';
import { selectGenerations } from './rebuild-stream';
import { restAfter } from './retry-pace';
import type { RereadOutcome } from './reread-stream';
import type { SuspendedStreams } from './suspended-streams';

/** Something that reads streams and can read one of them again: a projection, or a relay. */
export interface Rereadable {
  readonly name: string;
  readonly suspended: SuspendedStreams;
  suspend(stream: string, revision: number): void;
  /** @param head where it stands now; absent: where it was written down to stand */
  resume(stream: string, head?: ChainHead): void;
  /** The revision that was written down for a stream; -1: none. */
  reached(stream: string): Promise<number>;
  /**
   * Reads a stream from the event store, from the last event that it has (is it still that one?) to its end.
   * @param isAnew from the first event on, whatever was there
   * @throws what trying again later may cure
   */
  reread(stream: string, isAnew: boolean): Promise<RereadOutcome>;
}

export interface RereaderOptions {
  readonly db: Sql;
  readonly members: readonly Rereadable[];
  readonly observer: {
    halted?(alarm: Alarm): void;
    resumed?(stream: {
      readonly projection: string;
      readonly stream: string;
      readonly revision: number;
    }): void;
    forgotten?(stream: { readonly projection: string; readonly stream: string }): void;
  };
  /** Whether this process is the one that reads that stream. */
  readonly owns: (stream: string) => boolean;
  /** Whether a halt of that stream is about to be written. */
  readonly isUnsaved: (name: string, stream: string) => boolean;
}

const couldNotBeRead = '; it could not be read again: ';

/**
 * Takes care of the streams that are halted: reads them again from the event store, at once and then with growing patience, while the lane passes their
 * events over. A stream is handed back to the lane when the read models have all of it that the store has and that the lane passed over. The rows
 * of `read.halted_streams` say which they are, whoever wrote them.
 */
export class Rereader {
  private readonly pause = new Pause();
  /** A stream that has just halted does not cut this short: it would, again and again. */
  private readonly rest = new Pause();
  private readonly alarmed = new Set<string>();
  private running: Promise<void> = Promise.resolve();
  /** By stream, which history counts. */
  generations: ReadonlyMap<string, number> = new Map();

  constructor(private readonly options: RereaderOptions) {}

  /** Learns which streams are halted; before the lane begins. */
  async start(): Promise<void> {
    await this.look();
    this.running = this.run();
  }

  /** A stream has just halted: read it again now. */
  wake(): void {
    this.pause.wake();
  }

  async stop(): Promise<void> {
    this.pause.end();
    this.rest.end();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.pause.isEnded) {
      const lookedAt = performance.now();
      // Whatever keeps it from looking (Postgres is unavailable) passes, or stops the lane.
      const rows = await this.look().catch(() => []);
      const lookMs = performance.now() - lookedAt;
      const due = inTurn(rows.filter(({ isDue, stream }) => isDue && this.options.owns(stream)));
      for (const row of due) {
        if (this.pause.isEnded) return;
        const since = performance.now();
        await this.tryAgain(row).catch(() => undefined);
        await this.rest.forMs(restAfter(performance.now() - since, row.attempts === 0));
        // Another one may have halted meanwhile, whose turn it is first.
        if (performance.now() - lookedAt > haltedPollMs) break;
      }
      await this.rest.forMs(restAfter(lookMs, false));
      if (due.length === 0 || performance.now() - lookedAt <= haltedPollMs)
        await this.pause.forMs(haltedPollMs);
    }
  }

  private async look(): Promise<readonly HaltedStream[]> {
    const { db, members } = this.options;
    this.generations = await selectGenerations(db);
    const rows = await selectHaltedStreams(db, {
      projections: members.map(({ name }) => name),
      limit: members.length * (haltedStreamsMax + 1),
    });
    for (const { projection, stream } of rows) {
      const member = this.memberOf(projection);
      if (member !== undefined && !member.suspended.has(stream)) member.suspend(stream, -1);
    }
    for (const key of this.alarmed) {
      const [projection = '', stream = ''] = key.split('\n');
      if (this.memberOf(projection) !== undefined) continue;
      this.alarmed.delete(key);
      this.options.observer.forgotten?.({ projection, stream });
    }
    const halted = new Set(rows.map(({ projection, stream }) => `${projection}\n${stream}`));
    for (const member of members) {
      for (const stream of member.suspended.names) {
        if (halted.has(`${member.name}\n${stream}`) || this.options.isUnsaved(member.name, stream)) continue;
        await this.vanished(member, stream);
      }
    }
    return rows;
  }

  /** Another process took care of this stream, perhaps not of all that was passed over here. */
  private async vanished(member: Rereadable, stream: string): Promise<void> {
    const reached = await member.reached(stream);
    if (member.suspended.passedOver(stream) <= reached) member.resume(stream);
    else {
      const reason = `${stream} is read again from revision ${reached + 1} on`;
      const halted = { projection: member.name, stream, revision: reached + 1, reason };
      await insertHalted(this.options.db, { ...halted, code: 'read_again' });
    }
  }

  private async tryAgain(row: HaltedStream): Promise<void> {
    const member = this.memberOf(row.projection);
    if (member === undefined) return;
    const { stream } = row;
    try {
      const { head, cause } = await member.reread(stream, row.revision === 0);
      const isBehind = member.suspended.passedOver(stream) > head.revision;
      if (cause !== undefined) await this.failed(row, head.revision + 1, cause);
      else if (isBehind && row.attempts === 0) {
        // A node of the store that lags, perhaps. If it has no more the next time either, then that is all there is.
        await this.postpone(row, head.revision + 1, row.reason, row.code);
      } else {
        member.resume(stream, head);
        await deleteHalted(this.options.db, member.name, stream);
        this.alarmed.delete(`${member.name}\n${stream}`);
        this.options.observer.resumed?.({ projection: member.name, stream, revision: head.revision });
      }
    } catch (error) {
      const [reason] = row.reason.split(couldNotBeRead);
      await this.failed(
        row,
        row.revision,
        new Error(`${reason}${couldNotBeRead}${reasonOf(error)}`),
        row.code,
      );
    }
  }

  private async failed(
    row: HaltedStream,
    revision: number,
    cause: unknown,
    code = haltCodeOf(cause),
  ): Promise<void> {
    const { projection, stream } = row;
    const reason = reasonOf(cause);
    await this.postpone(row, revision, reason, code);
    const key = `${projection}\n${stream}`;
    if (this.alarmed.has(key)) return;
    this.alarmed.add(key);
    this.options.observer.halted?.({ projection, stream, reason, cause });
  }

  private async postpone(row: HaltedStream, revision: number, reason: string, code: HaltCode): Promise<void> {
    const attempts = row.attempts + 1;
    const delayMs = pauseAfter(row.attempts, rereadFirstMs, rereadLastMs);
    await updateHalted(this.options.db, { ...row, revision, reason, code, attempts }, delayMs);
  }

  private memberOf(projection: string): Rereadable | undefined {
    return this.options.members.find(({ name }) => name === projection);
  }
}

const turnOf = ({ retryAt }: HaltedStream): number => retryAt?.getTime() ?? Number.MAX_VALUE;

/** Those that have just halted first, which most often ends it; then who has waited longest. */
function inTurn(rows: readonly HaltedStream[]): readonly HaltedStream[] {
  const isLater = ({ attempts }: HaltedStream): number => (attempts === 0 ? 0 : 1);
  return rows.toSorted((a, b) => isLater(a) - isLater(b) || turnOf(a) - turnOf(b));
}
