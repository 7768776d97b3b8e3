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

  /** @param subjects the rows that were read, and held */
  async watch<T>(read: Promise<T>, ledgerId: string, subjects: (answer: T) => readonly string[]): Promise<T> {
    try {
      const answer = await read;
      if (this.known.size > 0) {
        for (const subject of subjects(answer)) {
          const row = `${ledgerId} ${subject}`;
          if (this.known.delete(row)) this.observer?.holdsAgain(row);
        }
      }
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
