import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import type { Books, BooksOutcome } from './books';
import type { ImportKey } from './content-key';

/** `isEarlier`: an earlier release has booked it. */
export type Submitted = BooksOutcome & { readonly isEarlier: boolean };

/** The door through which an import books: each thing once, also when an earlier release has booked it under another key. */
export class ImportDoor {
  private constructor(
    readonly books: Books,
    /** What an earlier release may have imported here has to be looked for. */
    readonly mayHaveEarlier: boolean,
  ) {}

  static async open(books: Books): Promise<ImportDoor> {
    return new ImportDoor(books, (await books.headRevision()) >= 0);
  }

  /** @param dryRun it is only asked what would come of it */
  async submit(command: LedgerCommand, { key, earlier }: ImportKey, dryRun = false): Promise<Submitted> {
    for (const each of earlier) {
      const found = await this.findEarlier(command, each);
      if (found !== undefined) return { ...found, isEarlier: true };
    }
    return { ...(await this.books.submit(command, key, { dryRun })), isEarlier: false };
  }

  /** The answer that an earlier release's import got for this key. A client that used such a key asked for something else, which is told. */
  async findEarlier(
    command: LedgerCommand,
    earlierKey: string,
  ): Promise<Extract<BooksOutcome, { kind: 'accepted' }> | undefined> {
    if (!this.mayHaveEarlier) return undefined;
    const found = await this.books.submit(command, earlierKey, { dryRun: true });
    return found.kind === 'accepted' && found.replayed ? found : undefined;
  }
}
