import { ReadModelInconsistent } from '@fintech-ledger/projection-runtime';

/** Is told of rows that contradict what they should say, and of those that hold again. */
export interface RowObserver {
  inconsistent(subject: string, reason: string): void;
  holdsAgain(subject: string): void;
}

/** Subjects that are remembered; beyond them an alarm stands until the process ends. */
const rememberedMax = 1_000;

/** Tells the observer what the readers refuse to answer. */
export class InconsistentRows {
  private readonly known = new Set<string>();

  constructor(private readonly observer: RowObserver | undefined) {}

  /** @param subject the row that a read is about, when it is about one */
  async watch<T>(read: Promise<T>, ledgerId?: string, subject?: string): Promise<T> {
    try {
      const answer = await read;
      if (this.known.size > 0 && subject !== undefined && this.known.delete(`${ledgerId} ${subject}`))
        this.observer?.holdsAgain(`${ledgerId} ${subject}`);
      return answer;
    } catch (error) {
      if (error instanceof ReadModelInconsistent) {
        const row = `${error.ledgerId} ${error.subject}`;
        if (this.known.size < rememberedMax) this.known.add(row);
        this.observer?.inconsistent(row, error.message);
      }
      throw error;
    }
  }
}
