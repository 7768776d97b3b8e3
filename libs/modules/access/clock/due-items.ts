import { clockAdvanceItemsMax } from '@fintech-ledger/access/domain';
import { Places } from '@fintech-ledger/contract';
import { journalStream } from '@fintech-ledger/envelope';
import type { EventStore } from '@fintech-ledger/event-store';
import { systemActor } from '@fintech-ledger/journal';
import type { DueRan, DueRun, EffectWorld } from '@fintech-ledger/journal';
import { ledgersOf } from './ledgers-of';
import * as limits from './limits';

/** When something is due next in a stream. */
interface NextDue {
  readonly stream: string;
  readonly nextAt: string;
}

interface DueWorld extends Pick<EffectWorld, 'gateway' | 'due'> {
  readonly eventStore: Pick<EventStore, 'readStream'>;
}

/**
 * What falls due in the ledgers of a sandbox: asked of their writers, and counted in their checkpoints. All throw
 * StoreUnavailable, and WriterUnavailable.
 */
export class DueItems {
  constructor(private readonly world: DueWorld) {}

  /** The ledgers in which something is due by then, and when. @param saves whether it is to be counted after that */
  async survey(organizationId: string, until: string, saves: boolean) {
    const ids = await ledgersOf(this.world.eventStore, organizationId);
    const streams = ids.map(journalStream);
    const places = new Places(limits.surveysAtOnce);
    const found = await this.world.due.dueOf(streams, until);
    const queue: NextDue[] = [];
    const ask = async (stream: string): Promise<void> => {
      const run = { until, recordsMax: 0, ...(saves && { saves }) };
      const { nextAt } = await places.use(() => this.run(organizationId, stream, run));
      if (nextAt !== null && nextAt <= until) queue.push({ stream, nextAt });
    };
    await Promise.all(found.map(({ stream }) => ask(stream)));
    return { queue, streams };
  }

  /** Whether more is due by then than one advance runs. @param streams that were surveyed, and saved */
  async areTooMany(streams: readonly string[], until: string): Promise<boolean> {
    const found = await this.world.due.dueOf(streams, until);
    return found.reduce((sum, { records }) => sum + records, 0) > clockAdvanceItemsMax;
  }

  /** Has a ledger's writer act on what is due. */
  async run(organizationId: string, stream: string, due: DueRun): Promise<DueRan> {
    const outcome = await this.world.gateway.submit({
      stream,
      organizationId,
      actor: systemActor,
      command: { type: 'RunDue' },
      due,
      correlationId: `clock:${organizationId}`,
    });
    if (outcome.kind === 'refused') throw new Error(`${stream} is not run: ${outcome.refusal.detail}`);
    return JSON.parse(outcome.answer) as DueRan;
  }
}
