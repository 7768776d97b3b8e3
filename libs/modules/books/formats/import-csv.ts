import type { EntryRequest, LedgerCommand } from '@fintech-ledger/ledger/domain';
import { AccountBook } from './account-book';
import type { NamedTypes } from './account-type';
import { planTransaction } from './booking';
import type { PlannedEntry, PlannedTransaction } from './booking';
import type { Books } from './books';
import { CommandPipeline } from './command-pipeline';
import type { GivenConventions } from './conventions';
import type { ColumnNames } from './csv-columns';
import { CsvTransactions } from './csv-booking';
import { runsOf, transactionsOf } from './csv-transactions';
import { ImportDoor } from './import-door';
import { ImportTally } from './import-summary';
import type { ImportSummary } from './import-shape';
import { ProgressMeter } from './progress';
import type { OnProgress } from './progress';
import type { ImportProblem } from './problem';
import { readRecords } from './csv-records';
import { readCsv } from './read-csv';
import type { SpooledFile } from './spooled-file';
import { surveyCsv } from './survey';
import type { NamedUnits } from './unit-codes';
import { bookedUnits, UnitDeclarations } from './unit-exponents';
import type { BookedUnit } from './unit-exponents';

export interface CsvImport extends GivenConventions {
  /** Undefined: the header calls its columns as their roles. */
  readonly columns?: ColumnNames | undefined;
  /** What units of the source are booked as, where that is not told from how they are written. */
  readonly units?: NamedUnits | undefined;
  readonly types?: NamedTypes | undefined;
  /** It is a dry run: nothing stays of what is booked. */
  readonly isTrial?: boolean | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Books the transactions of a CSV file with one posting a line. The file is read twice: how it writes numbers
 * and dates, and how many decimals its units need, is known only at its end. A transaction with a problem is skipped whole; the others are booked.
 * @throws ImportRefused when the file as a whole can't be read
 */
export async function importCsv(file: SpooledFile, books: Books, options: CsvImport): Promise<ImportSummary> {
  const { columns, types = new Map() } = options;
  const { codes, exponents } = options.units ?? { codes: new Map(), exponents: new Map() };
  const survey = await surveyCsv(readRecords(file.read(), columns), options, codes);
  const units = await bookedUnits(survey, exponents, books);
  const tally = new ImportTally();
  const door = await ImportDoor.open(books);
  const accounts = new AccountBook(door, tally);
  const declarations = new UnitDeclarations(books, tally);
  const pipeline = new CommandPipeline();
  const transactions = new CsvTransactions(door, tally);
  const meter = new ProgressMeter(file.bytes, options.onProgress);

  const refuse = (problems: readonly ImportProblem[]): void => {
    tally.refused += 1;
    for (const found of problems) tally.add(found);
  };
  const reader = { conventions: survey.conventions, types, units: codes };
  const lines = readCsv(meter.count(file.read()), columns, reader);
  for await (const source of transactionsOf(runsOf(lines), survey.scattered)) {
    options.signal?.throwIfAborted();
    meter.transactions += 1;
    meter.tick();
    const planned = planTransaction(source.lines, units);
    if (!('postings' in planned)) {
      refuse(planned);
      continue;
    }
    const booked = await bookAccounts(planned, units, accounts, declarations);
    if ('problem' in booked) {
      refuse([{ ...booked.problem, line: planned.line }]);
    } else if (booked.entries.length === 0) {
      tally.skipped += 1;
    } else {
      const command = commandOf(planned, booked.entries);
      await pipeline.start((turn) => transactions.book(planned, command, booked.mayBeEarlier, turn));
    }
  }
  await pipeline.drain();
  meter.tick(true);
  return tally.summary(books.ledgerId, await books.headRevision(), options.isTrial ?? false);
}

type Booked =
  | {
      readonly entries: readonly EntryRequest[];
      readonly mayBeEarlier: boolean;
    }
  | { readonly problem: ImportProblem };

async function bookAccounts(
  planned: PlannedTransaction,
  units: ReadonlyMap<string, BookedUnit | ImportProblem>,
  accounts: AccountBook,
  declarations: UnitDeclarations,
): Promise<Booked> {
  const entries: EntryRequest[] = [];
  let mayBeEarlier = true;
  const toOpen = planned.entries.map((entry) => {
    const unit = units.get(entry.unit);
    return {
      ...entry,
      name: entry.account,
      isNewUnit: unit !== undefined && 'exponent' in unit && unit.isNew,
    };
  });
  // Nothing is fixed for a transaction that can't be booked: not its units, and not the accounts that come before the one that is refused.
  for (const account of toOpen) {
    const found = await accounts.check(account);
    if (found !== undefined) return { problem: found };
  }
  for (const entry of toOpen) {
    const unit = units.get(entry.unit);
    if (unit === undefined || 'detail' in unit) continue;
    const undeclared = await declarations.ensure(entry.unit, unit);
    if (undeclared !== undefined) return { problem: undeclared };
    const account = await accounts.resolve(entry);
    if (!('address' in account)) return { problem: account };
    mayBeEarlier &&= !account.isOfThisRelease;
    entries.push(entryRequest(entry, account.address));
  }
  return { entries, mayBeEarlier };
}

function entryRequest({ amountMinor, code }: PlannedEntry, account: string): EntryRequest {
  return {
    account,
    direction: amountMinor > 0n ? 'debit' : 'credit',
    amount: (amountMinor > 0n ? amountMinor : -amountMinor).toString(),
    currency: code,
  };
}

function commandOf(planned: PlannedTransaction, entries: readonly EntryRequest[]): LedgerCommand {
  const { description, reference, effectiveAt } = planned;
  return { type: 'PostTransaction', entries, description, reference, effectiveAt };
}
