import type { Pending } from './batch';
import type { DomainEvent, DomainRecord, RecordChange } from './domain';
import { DueQueue } from './due-queue';
import type { CommandEnvelope } from './gateway';
import type { JournalLimits, WriterDependencies } from './writer-dependencies';
import type { WriterPosition } from './writer-position';
import type { WriterState } from './writer-state';

/** The records that a writer must act on by itself when their time has come, such as holds that expire. */
export class DueRecords<C, E extends DomainEvent, R extends DomainRecord> {
  private readonly queue = new DueQueue();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly stream: string,
    private readonly deps: WriterDependencies<C, E, R>,
    private readonly state: WriterState<R>,
    private readonly position: WriterPosition,
    private readonly limits: JournalLimits,
    /** The writer's, see `JournalWriter`. */
    private readonly incarnation: string,
  ) {}

  /** Whether a record is due now. */
  get isAnyDue(): boolean {
    const { nextAt } = this.queue;
    return nextAt !== undefined && nextAt <= this.position.now();
  }

  /** Takes in what the changes make due. */
  note(changes: readonly RecordChange<R>[]): void {
    for (const { key, record } of changes) {
      const dueAt = this.deps.domain.dueAt(record);
      if (dueAt !== undefined) this.queue.push(key, dueAt);
    }
  }

  /** Begins again from the checkpoint. @throws StoreUnavailable */
  async load(): Promise<void> {
    const rows = await this.deps.checkpoints.loadDue(this.stream, this.limits.dueRecordsMax);
    this.queue.clear();
    if (rows.length === this.limits.dueRecordsMax) this.queue.horizon = rows.at(-1)?.dueAt;
    for (const { key, dueAt } of rows) this.queue.push(key, dueAt);
  }

  /** The writer's own command for records whose time has come, ahead of all others. */
  commands(now: string): Pending<C>[] {
    const keys = this.queue.takeDue(now, this.limits.dueCommandRecordsMax);
    if (keys.length === 0 || !this.deps.domain.dueCommand) return [];
    const envelope: CommandEnvelope<C> = {
      stream: this.stream,
      organizationId: this.position.organizationId,
      actor: 'system',
      command: this.deps.domain.dueCommand(keys),
      correlationId: `due:${now}`,
    };
    const again = (): void => {
      for (const key of keys) this.queue.push(key, now);
    };
    // Of its own kind, and no count: when it is taken may depend on the moment, what it makes must not.
    const commandKey = `due\n${this.incarnation}\n${now}\n${this.position.tip.revision}`;
    return [{ envelope, commandKey, resolve: () => undefined, reject: again }];
  }

  /** After a checkpoint: takes in what lay beyond the horizon. @throws StoreUnavailable */
  async reload(): Promise<void> {
    await this.load();
    for (const [key, record] of this.state.dirtyRecords()) this.note([{ key, record }]);
  }

  /**
   * Calls when the next record is due; one call for each arming.
   * @param onDue `isBeyondHorizon`: write a checkpoint and `reload` first, the record is only there
   */
  arm(onDue: (isBeyondHorizon: boolean) => void): void {
    this.disarm();
    const { nextAt, horizon } = this.queue;
    const wakeAt = nextAt ?? horizon;
    if (wakeAt === undefined) return;
    const delay = Math.min(Math.max(Date.parse(wakeAt) - this.deps.clock.nowMs(), 1), 2 ** 31 - 1);
    this.timer = setTimeout(() => {
      onDue(this.queue.nextAt === undefined && this.queue.horizon !== undefined);
    }, delay);
    this.timer.unref();
  }

  disarm(): void {
    clearTimeout(this.timer);
  }
}
