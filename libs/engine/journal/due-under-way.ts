import { Waiters } from './waiters';

/** Commands for due records that nothing has become of yet. */
export class DueUnderWay {
  private readonly commands = new Set<{ readonly dueAt: string | undefined }>();
  private readonly waiters = new Waiters();

  get isAnyDue(): boolean {
    return this.firstAt !== undefined;
  }

  /** When the earliest of their records was due, or undefined. */
  get firstAt(): string | undefined {
    let first: string | undefined;
    for (const { dueAt } of this.commands)
      if (dueAt !== undefined && (first === undefined || dueAt < first)) first = dueAt;
    return first;
  }

  /**
   * @param dueAt when the earliest of its records was due; undefined: it is not for what is due
   * @returns to be called when something has become of it
   */
  begin(dueAt: string | undefined): () => void {
    const command = { dueAt };
    this.commands.add(command);
    return () => {
      this.commands.delete(command);
      this.waiters.wake();
    };
  }

  /** Resolves when none is left and that is so, or the time is over. @param endAt by `performance.now()` */
  settled(isSo: () => boolean, endAt: number): Promise<void> {
    return this.waiters.until(() => this.commands.size === 0 && isSo(), endAt);
  }
}
