import type { Database } from '@fintech-ledger/postgres';
import type { AfterAttempt } from './next-attempt';
import { recordAttempts } from './record-attempts';
import type { EndedSending } from './record-attempts';

interface Waiting {
  readonly ended: EndedSending;
  readonly resolve: (after: AfterAttempt) => void;
  readonly reject: (error: unknown) => void;
}

const togetherMax = 200;

/** Keeps attempts: those that end while others are being kept are kept together. */
export class AttemptLog {
  private waiting: Waiting[] = [];
  private isKeeping = false;

  /** @param claimant whose messages they are of */
  constructor(
    private readonly db: Database,
    private readonly claimant: string,
  ) {}

  keep(ended: EndedSending): Promise<AfterAttempt> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ended, resolve, reject });
      if (!this.isKeeping) void this.keepAll();
    });
  }

  private async keepAll(): Promise<void> {
    this.isKeeping = true;
    while (this.waiting.length > 0) await this.keepSome(this.waiting.splice(0, togetherMax));
    this.isKeeping = false;
  }

  private async keepSome(some: readonly Waiting[]): Promise<void> {
    try {
      const after = await recordAttempts(
        this.db,
        some.map(({ ended }) => ended),
        this.claimant,
      );
      for (const [index, one] of after.entries()) some[index]?.resolve(one);
    } catch (error) {
      // One that can't be kept is not to take the others with it.
      if (some.length > 1) for (const one of some) await this.keepSome([one]);
      else some[0]?.reject(error);
    }
  }
}
