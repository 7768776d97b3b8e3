import type { Turn } from '@fintech-ledger/contract';
import { canonicalJson } from '@fintech-ledger/envelope';
import { findCurrency, holdExpired } from '@fintech-ledger/ledger/domain';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import type { BooksOutcome } from './books';
import { CommandPipeline } from './command-pipeline';
import { sameInAllReleases } from './content-key';
import type { ImportKey } from './content-key';
import { FingerprintCounts } from './fingerprints';
import type { ImportDoor } from './import-door';
import { ImportedIds } from './imported-ids';
import type { ImportTally } from './import-summary';
import { NdjsonAccounts } from './ndjson-accounts';
import { holdCommand, reversalCommand, transactionCommand } from './ndjson-commands';
import { statusCommands } from './ndjson-records';
import type {
  AccountAmendmentLine,
  AccountRecordLine,
  AccountStatusLine,
  CaptureLine,
  ExportHeader,
  ExportRecord,
  ExportTrailer,
  PeriodCloseLine,
  ProofBundleLine,
  ReleaseLine,
  ReversalLine,
  TransactionRecordLine,
  UnitRecord,
} from './ndjson-records';
import { problem } from './problem';
import { tallyTransaction } from './tally-transaction';
import { accountDiffers, unitDiffers, unknownTransaction } from './line-refusals';

export interface NdjsonBookingOptions {
  /** The caller may let what the source booked beyond bounds, or where accounts were frozen or closed, be booked so. */
  readonly allowOverdraft?: boolean | undefined;
}

type BookedRecord = Exclude<ExportRecord, ExportHeader | ExportTrailer | ProofBundleLine>;

/** Books the records of an NDJSON file one after the other; many transactions are on their way at once, in order. */
export class NdjsonBooking {
  readonly ids = new ImportedIds();
  /** Part of every key, so that equal records of two ledgers are two. */
  sourceLedgerId = '';
  private readonly seen = new FingerprintCounts();
  private readonly pipeline = new CommandPipeline();
  private readonly accounts: NdjsonAccounts;

  constructor(
    private readonly door: ImportDoor,
    private readonly tally: ImportTally,
    private readonly options: NdjsonBookingOptions,
  ) {
    this.accounts = new NdjsonAccounts(door, tally);
  }

  async finish(): Promise<void> {
    await this.pipeline.drain();
  }

  async book(record: BookedRecord, line: number): Promise<void> {
    const key = this.keyOf(record);
    if (isOfAccount(record)) {
      // What was on its way before must meet the account as it was then.
      await this.pipeline.drain();
      return this.accounts.book(record, key, line);
    }
    switch (record.object) {
      case 'unit':
        return this.declare(record, line);
      case 'transaction':
        return this.post(record, key, line);
      case 'period_close':
        return this.close(record, key, line);
      case 'reversal':
        return this.reverse(record, key, line);
      case 'capture':
      case 'void':
      case 'expiry': {
        const isFollowed = this.ids.readOfHold(record.transaction);
        const commandFor = (id: string): LedgerCommand => holdCommand(record, id, isFollowed);
        return this.follow(record.transaction, line, key, commandFor);
      }
    }
  }

  /** Records with an id of their own can't be the same by accident; others are counted. */
  private keyOf(record: BookedRecord): ImportKey {
    const text = `ndjson\n${this.sourceLedgerId}\n${canonicalJson(saidInAllReleases(record))}`;
    return sameInAllReleases(`${text}\n${this.seen.add(text)}`);
  }

  private async declare({ code, exponent, name }: UnitRecord, line: number): Promise<void> {
    if (findCurrency(code) !== undefined) return;
    const known = await this.door.books.unit(code);
    if (known?.exponent === exponent) return;
    const outcome = known === null ? await this.door.books.declareUnit({ code, exponent, name }) : undefined;
    if (known !== null || outcome?.kind === 'refused') {
      const detail = `${code} has ${known?.exponent ?? 'other'} decimals here, ${exponent} in the file: import it where ${code} is not declared yet, or its CSV export with another code (units)`;
      this.tally.add(problem(unitDiffers, detail, { line, column: 'exponent' }));
      this.accounts.block(code);
    } else {
      this.tally.unitsDeclared.push(code);
    }
  }

  private async post(record: TransactionRecordLine, key: ImportKey, line: number): Promise<void> {
    const blocked = record.entries.find((entry) => this.accounts.isBlocked(entry.account));
    if (blocked !== undefined) {
      this.tally.refused += 1;
      this.tally.add(problem(accountDiffers, `${blocked.account} is not the account of the file`, { line }));
      return;
    }
    const { correction_of: corrected } = record;
    const isFollowed = record.id !== undefined && this.ids.isFollowed(record.id);
    const { allowOverdraft: mayRecord = false } = this.options;
    const commandOf = (said: TransactionRecordLine): LedgerCommand =>
      transactionCommand(said, isFollowed, mayRecord);
    if (typeof corrected !== 'string') return this.send(record.id, commandOf(record), key, line);
    const command = (correction_of: string): LedgerCommand => commandOf({ ...record, correction_of });
    return this.follow(corrected, line, key, command, record.id, 'correction_of');
  }

  /** All that comes before it in the file is booked before. */
  private async close({ through, reason }: PeriodCloseLine, key: ImportKey, line: number): Promise<void> {
    await this.pipeline.drain();
    const outcome = await this.door.submit({ type: 'ClosePeriod', through, reason }, key);
    if (outcome.kind === 'refused')
      this.tally.add(problem(outcome.refusal, outcome.refusal.detail, { line, column: 'through' }));
  }

  private async send(
    id: string | undefined,
    command: LedgerCommand,
    key: ImportKey,
    line: number,
  ): Promise<void> {
    await this.pipeline.start(async (turn) => {
      const booked = this.submit(command, key, line, turn);
      if (id !== undefined)
        this.ids.keep(
          id,
          booked.catch(() => undefined),
        );
      await booked;
    });
  }

  private async reverse(record: ReversalLine, key: ImportKey, line: number): Promise<void> {
    const { id } = record;
    const allowOverdraft = this.options.allowOverdraft ?? false;
    await this.follow(
      record.transaction,
      line,
      key,
      (transactionId) => reversalCommand(record, transactionId, allowOverdraft),
      id,
    );
  }

  /** Sends what follows up on an earlier transaction once that one has its id here; what comes after waits for that. */
  private async follow(
    sourceId: string,
    line: number,
    key: ImportKey,
    commandFor: (transactionId: string) => LedgerCommand,
    newSourceId?: string,
    column = 'transaction',
  ): Promise<void> {
    const { tally } = this;
    await this.pipeline.start(async (turn) => {
      const earlier = this.ids.take(sourceId);
      const step = earlier.then(async (transactionId) => {
        if (transactionId === undefined) {
          tally.refused += 1;
          const detail = `${sourceId} is not a transaction that was imported before this line`;
          tally.add(problem(unknownTransaction, detail, { line, column }));
          return undefined;
        }
        return this.submit(commandFor(transactionId), key, line, turn);
      });
      if (newSourceId !== undefined)
        this.ids.keep(
          newSourceId,
          step.catch(() => undefined),
        );
      await step;
    });
  }

  private async submit(
    command: LedgerCommand,
    key: ImportKey,
    line: number,
    turn: Turn,
  ): Promise<string | undefined> {
    const outcome = await turn.send(() => this.door.submit(command, key));
    if (isThere(command, outcome)) {
      this.tally.skipped += 1;
      return undefined;
    }
    return tallyTransaction(outcome, this.tally, line);
  }
}

/** A hold that the file lets expire has expired: the import was interrupted for longer than it stays open. */
const isThere = (command: LedgerCommand, outcome: BooksOutcome): boolean =>
  command.type === 'VoidHold' &&
  command.isExpiry === true &&
  outcome.kind === 'refused' &&
  outcome.refusal.code === holdExpired.code;

/** Files of earlier releases don't say all of this of the same transactions. */
function saidInAllReleases(record: BookedRecord): object {
  const { judged: _, ...said } = { judged: undefined, ...record };
  if (!isOfHold(record)) return said;
  const { effective_at: _at, ...ofHold } = record;
  return ofHold;
}

/** Whether it says what became of a hold. */
export function isOfHold(record: ExportRecord): record is CaptureLine | ReleaseLine {
  return record.object === 'capture' || record.object === 'void' || record.object === 'expiry';
}

function isOfAccount(
  record: BookedRecord,
): record is AccountRecordLine | AccountAmendmentLine | AccountStatusLine {
  const { object } = record;
  return object === 'account' || object === 'account_amendment' || object in statusCommands;
}
