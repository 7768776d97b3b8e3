import type { Turn } from '@fintech-ledger/contract';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import type { PlannedTransaction } from './booking';
import { contentKey, contentText, earlierContentKey, earlierContentTexts } from './content-key';
import { formatMinor } from './decimal';
import { FingerprintCounts } from './fingerprints';
import type { ImportDoor } from './import-door';
import type { ImportTally } from './import-summary';
import { problem } from './problem';
import { tallyTransaction } from './tally-transaction';
import { bookedOtherwise } from './line-refusals';

/** Books the transactions of a CSV file, each once in however many imports; those that say the same are counted. */
export class CsvTransactions {
  private readonly seen = new FingerprintCounts();
  private readonly seenEarlier = new FingerprintCounts();
  /** Those that say the same, one after the other: which of them an earlier release has booked shows in turn. */
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly door: ImportDoor,
    private readonly tally: ImportTally,
  ) {}

  /** @param mayBeEarlier an earlier release may have booked it */
  async book(
    planned: PlannedTransaction,
    command: LedgerCommand,
    mayBeEarlier: boolean,
    turn: Turn,
  ): Promise<void> {
    const text = contentText(planned.postings);
    // What was misread may have gone to other accounts.
    const isMisread = planned.postings.some(({ earlier }) => earlier !== undefined);
    if (!(mayBeEarlier || isMisread) || !this.door.mayHaveEarlier)
      return this.submit(text, planned, command, turn);
    const before = this.running.get(text) ?? Promise.resolve();
    const run = before.then(async () => {
      if (await this.isBookedByEarlier(planned, command)) this.skip(planned);
      else await this.submit(text, planned, command, turn);
    });
    this.running.set(text, run);
    try {
      await run;
    } finally {
      if (this.running.get(text) === run) this.running.delete(text);
    }
  }

  /** It was booked by an earlier release. */
  private skip({ postings, line }: PlannedTransaction): void {
    const misread = postings.find(({ earlier }) => earlier !== undefined);
    if (misread?.earlier === undefined) {
      this.tally.skipped += 1;
      return;
    }
    this.tally.refused += 1;
    const { amount, unit } = misread.earlier;
    // Anyone who names the mark says what the file means now, so that nothing else is looked for.
    const way =
      unit !== misread.unit
        ? 'book there what is right'
        : 'import the file again with the decimal mark named (decimal_mark)';
    const detail = `an earlier release booked the transaction, but read an amount of it as ${formatMinor(amount.digits, amount.decimals)} ${unit}: reverse it in the ledger, and ${way}`;
    this.tally.add(problem(bookedOtherwise, detail, { line }));
  }

  private async submit(
    text: string,
    { line }: PlannedTransaction,
    command: LedgerCommand,
    turn: Turn,
  ): Promise<void> {
    const key = contentKey(text, this.seen.add(text));
    const outcome = await turn.send(() => this.door.submit(command, { key, earlier: [] }));
    tallyTransaction(outcome, this.tally, line);
  }

  private async isBookedByEarlier(
    { postings }: PlannedTransaction,
    command: LedgerCommand,
  ): Promise<boolean> {
    for (const text of earlierContentTexts(postings)) {
      const key = earlierContentKey(text, this.seenEarlier.count(text));
      if ((await this.door.findEarlier(command, key)) === undefined) continue;
      this.seenEarlier.add(text);
      return true;
    }
    return false;
  }
}
