import { retryable } from '@fintech-ledger/http';
import { importsMax } from './limits';

/** Counts the imports of this process, and ends them when it does. What an import has booked stays; the next run skips it. */
export class OngoingImports {
  private readonly running = new Set<AbortController>();

  onModuleDestroy(): void {
    for (const controller of this.running) controller.abort(stopped());
  }

  /** @throws ApiProblem `too_many_streams` */
  async run<T>(work: (controller: AbortController) => Promise<T>): Promise<T> {
    if (this.running.size >= importsMax) {
      throw retryable('too_many_streams', `This process runs ${importsMax} imports already.`, 10);
    }
    const controller = new AbortController();
    this.running.add(controller);
    try {
      return await work(controller);
    } finally {
      this.running.delete(controller);
    }
  }
}

function stopped(): Error {
  return retryable(
    'unavailable',
    'The process is stopping. Import the file again: what was booked is skipped.',
    5,
  );
}
