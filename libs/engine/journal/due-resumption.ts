import { systemActor } from './actors';
import type { Pending } from './batch';
import type { DomainEvent, DomainRecord } from './domain';
import type { DueQueue } from './due-queue';
import type { JournalLimits, WriterDependencies } from './writer-dependencies';
import type { WriterPosition } from './writer-position';

type Deps<C, E extends DomainEvent, R extends DomainRecord> = Pick<WriterDependencies<C, E, R>, 'domain'>;

/** What may have been under way when the writer before this one ended: looked at once after its stream was loaded. */
export class DueResumption<C, E extends DomainEvent, R extends DomainRecord> {
  /** Whether there is something to look at. A field, because each command asks. */
  isPending = false;

  constructor(
    private readonly stream: string,
    private readonly deps: Deps<C, E, R>,
    private readonly position: Pick<WriterPosition, 'organizationId' | 'tip'>,
    private readonly limits: Pick<JournalLimits, 'dueCommandRecordsMax'>,
    /** The writer's, see `JournalWriter`. */
    private readonly incarnation: string,
  ) {}

  /** The stream was loaded. */
  begin(): void {
    this.isPending = this.deps.domain.resumption !== undefined;
  }

  /**
   * The writer's own commands; one that fails is left to the time at which its records are due.
   * @param begin called for each; gives what is called when something has become of it
   */
  commands(now: string, queue: Pick<DueQueue, 'dueBy'>, begin: () => () => void): Pending<C>[] {
    const { resumption } = this.deps.domain;
    if (!this.isPending || resumption === undefined) return [];
    this.isPending = false;
    const until = new Date(Date.parse(now) + resumption.withinMs).toISOString();
    const keys = queue.dueBy(until).slice(0, this.limits.dueCommandRecordsMax);
    const { stream, incarnation } = this;
    const { organizationId, tip } = this.position;
    return resumption.commands(keys).map((command, index) => {
      const ended = begin();
      return {
        envelope: { stream, organizationId, actor: systemActor, correlationId: `resumed:${now}`, command },
        commandKey: `resumed\n${incarnation}\n${now}\n${tip.revision}\n${index}`,
        mayBeCut: true,
        resolve: ended,
        reject: ended,
      };
    });
  }
}
