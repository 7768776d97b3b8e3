import { BrokenInvariant, messageOf } from '@fintech-ledger/contract';
import { revision as asRevision } from '@fintech-ledger/event-store';
import { instruments } from '@fintech-ledger/telemetry';
import type { AwaitedOutcome, EndedCall, Pending } from './batch';
import type { Deferral, DomainEvent, DomainRecord } from './domain';
import { AnswerUnavailable, CommandOutcomeUnknown, WriterUnavailable } from './gateway';
import { inTime } from './in-time';
import { readJournal } from './journal-reader';
import { journalLimits } from './limits';
import type { JournalLimits, WriterDependencies } from './writer-dependencies';
import type { WriterPosition } from './writer-position';
import type { WriterState } from './writer-state';

interface WaitingParts<C, R extends DomainRecord> {
  readonly state: WriterState<R>;
  readonly position: WriterPosition;
  /** They come first, and are decided again. */
  readonly again: (commands: readonly Pending<C>[]) => void;
  /** What was read contradicts what is known: the writer must not go on. */
  readonly broken: (error: BrokenInvariant) => void;
}

interface Waits<C> {
  readonly pending: Pending<C>;
  readonly sinceMs: number;
}

/**
 * Commands that wait for the end of a call outside of the journal: those whose own events intend it, and are answered
 * with the event that ends it, and those about a record of which one is under way, which are decided after it. They
 * hold up nothing meanwhile. What waits is nowhere but here: the state has the calls, and who lost his connection, or
 * his writer, sends his command again.
 */
export class WaitingCommands<C, E extends DomainEvent, R extends DomainRecord> {
  /** How many there are. */
  count = 0;
  private readonly byRecord = new Map<string, Waits<C>[]>();
  private isEnded = false;
  private isWatching = false;

  constructor(
    private readonly stream: string,
    private readonly deps: WriterDependencies<C, E, R>,
    private readonly parts: WaitingParts<C, R>,
    private readonly limits: Pick<JournalLimits, 'callWaitMsMax' | 'callWaitReserveMs'>,
  ) {}

  /** A command whose events are stored. */
  stored(pending: Pending<C>, awaited: AwaitedOutcome): void {
    this.wait(this.awaiting(pending, awaited), awaited.record);
  }

  /** What waits for one of these calls goes on: they have ended, and that is stored. */
  ended(calls: readonly EndedCall[]): void {
    for (const { record, call, event, revision } of calls) {
      const again: Pending<C>[] = [];
      for (const waits of this.take(record)) {
        const { pending } = waits;
        const { awaited } = pending;
        this.tell(waits, 'ended');
        if (awaited?.call === call) this.answer(pending, awaited, event as E, revision);
        else again.push(pending);
      }
      if (again.length > 0) this.parts.again(again);
    }
  }

  /** What it waits for may have come, or gone, unseen: all are decided again. */
  again(): void {
    const all = [...this.byRecord.keys()].flatMap((record) => this.take(record));
    if (all.length > 0) this.parts.again(all.map(({ pending }) => pending));
  }

  /** One that must wait, as its events say which were read from the journal: once its record is loaded it is seen. */
  read(pending: Pending<C>, awaited: AwaitedOutcome): void {
    const waiting = this.awaiting(pending, awaited);
    if (this.isEnded) this.reject(waiting);
    else this.parts.again([waiting]);
  }

  /** A command whose record is loaded is answered if its call has ended. False: it has waited for the longest time. */
  see(pending: Pending<C>, awaited: AwaitedOutcome): boolean {
    const record = this.parts.state.get(awaited.record);
    const at = record && this.deferral.endedAt(record, awaited.call);
    if (at === undefined || at > this.parts.position.confirmed.revision)
      return this.waits(pending, awaited.record);
    void this.readAndAnswer(pending, awaited, at);
    return true;
  }

  /** Waits until the call of a record has ended. False: it has waited for the longest time. */
  waits(pending: Pending<C>, record: string): boolean {
    if (pending.waitsUntil !== undefined && pending.waitsUntil <= performance.now()) return false;
    this.wait(pending, record);
    return true;
  }

  /** From now on nobody waits. Who has events is told that they are stored, and not what came of them. */
  end(): void {
    this.isEnded = true;
    for (const record of [...this.byRecord.keys()])
      for (const { pending } of this.take(record)) this.reject(pending);
  }

  private get deferral(): Deferral<C, E, R> {
    const { deferral } = this.deps.domain;
    if (deferral === undefined) throw new BrokenInvariant(`nothing in ${this.stream} waits for calls`);
    return deferral;
  }

  /** Whatever it meets from now on: its events are stored. */
  private awaiting(pending: Pending<C>, awaited: AwaitedOutcome): Pending<C> {
    const { idempotencyKey } = pending.envelope;
    const at = { stream: this.stream, revision: asRevision(awaited.revision) };
    const asStored = (error: Error): Error => {
      if (error instanceof AnswerUnavailable) return error;
      // With a key it goes on waiting where the stream is written next.
      if (idempotencyKey !== undefined)
        return new CommandOutcomeUnknown(error.message, { booked: at, cause: error });
      return new AnswerUnavailable(at.stream, at.revision, error.message, { cause: error });
    };
    return { ...pending, awaited, reject: (error) => pending.reject(asStored(error)) };
  }

  private wait(pending: Pending<C>, record: string): void {
    if (this.isEnded) return this.reject(pending);
    const sinceMs = performance.now();
    pending.waitsUntil ??= this.untilOf(pending, sinceMs);
    const waiting = this.byRecord.get(record);
    if (waiting === undefined) this.byRecord.set(record, [{ pending, sinceMs }]);
    else waiting.push({ pending, sinceMs });
    this.count += 1;
    this.deps.memory?.queue(pending.bytes ?? 0);
    if (!this.isWatching) this.lookLater();
  }

  /** Before its deadline, so that there is time to say that the call is still under way. */
  private untilOf({ envelope: { askedAtMs, deadline } }: Pending<C>, nowMs: number): number {
    const { callWaitMsMax, callWaitReserveMs } = this.limits;
    return Math.min((askedAtMs ?? nowMs) + callWaitMsMax, (deadline ?? Infinity) - callWaitReserveMs);
  }

  private take(record: string): readonly Waits<C>[] {
    const waiting = this.byRecord.get(record);
    if (waiting === undefined) return [];
    this.byRecord.delete(record);
    this.count -= waiting.length;
    for (const { pending } of waiting) this.deps.memory?.queue(-(pending.bytes ?? 0));
    return waiting;
  }

  private lookLater(): void {
    this.isWatching = true;
    setTimeout(() => {
      this.expire(performance.now());
      this.isWatching = false;
      if (this.count > 0) this.lookLater();
    }, journalLimits.deadlineLookMs).unref();
  }

  /** Who has waited for the longest time is decided once more, and told so then. */
  private expire(nowMs: number): void {
    const isOver = ({ pending }: Waits<C>): boolean => (pending.waitsUntil ?? 0) <= nowMs;
    for (const [record, waiting] of this.byRecord) {
      if (!waiting.some(isOver)) continue;
      const over: Pending<C>[] = [];
      for (const waits of this.take(record)) {
        if (!isOver(waits)) this.wait(waits.pending, record);
        else {
          this.tell(waits, 'under_way');
          over.push(waits.pending);
        }
      }
      this.parts.again(over);
    }
  }

  private async readAndAnswer(pending: Pending<C>, awaited: AwaitedOutcome, at: number): Promise<void> {
    const { eventStore, domain } = this.deps;
    try {
      const late = (): Error => new Error('the event store has not answered in time');
      const reading = readJournal(eventStore, domain.events, this.stream, at, 1);
      const [read] = await inTime(reading, pending.envelope.deadline, late);
      const ended = read && this.deferral.ended(read.event);
      if (ended?.record !== awaited.record || ended.call !== awaited.call)
        throw new BrokenInvariant(`${this.stream}@${at} does not end the call ${awaited.call}`);
      this.answer(pending, awaited, (read as { readonly event: E }).event, at);
    } catch (error) {
      pending.reject(this.unavailable(awaited, messageOf(error), error));
      if (error instanceof BrokenInvariant) this.parts.broken(error);
    }
  }

  private answer(pending: Pending<C>, awaited: AwaitedOutcome, event: E, revision: number): void {
    const { command } = pending.envelope;
    const events = [...awaited.events, event] as E[];
    const request = { command, stream: this.stream, revision, events, refusedItems: [], dryRun: false };
    const told = { revision: asRevision(revision), replayed: awaited.isReplay };
    try {
      const answer = this.deferral.answer(request);
      if (awaited.isReplay) this.deps.observer.replayed(this.stream);
      if (answer.kind === 'answered')
        return pending.resolve({ kind: 'accepted', answer: answer.answer, ...told });
      this.deps.observer.refused(this.stream, answer.refusal.code);
      pending.resolve({ ...answer, ...told, correlationId: awaited.correlationId });
    } catch (error) {
      pending.reject(this.unavailable(awaited, `its answer can't be made: ${messageOf(error)}`, error));
    }
  }

  private unavailable({ revision }: AwaitedOutcome, detail: string, cause?: unknown): AnswerUnavailable {
    return new AnswerUnavailable(this.stream, asRevision(revision), detail, { cause });
  }

  private reject(pending: Pending<C>): void {
    pending.reject(new WriterUnavailable(`the writer of ${this.stream} ends`));
  }

  private tell({ sinceMs }: Waits<C>, outcome: 'ended' | 'under_way'): void {
    instruments.callWaitSeconds.record((performance.now() - sinceMs) / 1_000, { outcome });
  }
}
