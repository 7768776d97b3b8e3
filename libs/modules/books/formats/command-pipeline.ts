import { SendTurns } from '@fintech-ledger/contract';
import type { Turn } from '@fintech-ledger/contract';
import { commandsInFlightMax } from './limits';

/**
 * Runs tasks, many at once but never more than a limit; what they send goes out in the order in which they are given. A
 * failed task fails the next call.
 */
export class CommandPipeline {
  private readonly running = new Set<Promise<void>>();
  private readonly turns = new SendTurns();
  private failure: { readonly error: unknown } | undefined;

  /** Resolves once there is room and the task has begun. @throws what an earlier task threw */
  async start(task: (turn: Turn) => Promise<void>): Promise<void> {
    while (this.running.size >= commandsInFlightMax) await Promise.race(this.running);
    this.rethrow();
    const turn = this.turns.take();
    const run: Promise<void> = task(turn)
      .catch((error: unknown) => {
        this.failure ??= { error };
      })
      .finally(() => {
        turn.end();
        this.running.delete(run);
      });
    this.running.add(run);
  }

  /** Resolves when nothing is running. @throws what a task threw */
  async drain(): Promise<void> {
    await Promise.all(this.running);
    this.rethrow();
  }

  private rethrow(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }
}
