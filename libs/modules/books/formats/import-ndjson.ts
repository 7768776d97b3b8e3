import type { Books } from './books';
import { checkBundles } from './check-bundle';
import type { JudgeSignature } from './check-bundle';
import { ImportDoor } from './import-door';
import { ImportTally } from './import-summary';
import type { ImportSummary } from './import-shape';
import { isOfHold, NdjsonBooking } from './ndjson-booking';
import type { NdjsonBookingOptions } from './ndjson-booking';
import { ProgressMeter } from './progress';
import type { OnProgress } from './progress';
import { ImportRefused, problem } from './problem';
import type { ExportTrailer } from './ndjson-records';
import { readNdjson } from './read-ndjson';
import { sealedRecord } from './subject-metadata';
import type { SpooledFile } from './spooled-file';
import { malformedLine, sameLedger } from './file-refusals';

export interface NdjsonImport extends NdjsonBookingOptions {
  /** It is a dry run: nothing stays of what is booked. */
  readonly isTrial?: boolean | undefined;
  /** Judges what proof bundles are signed with; absent: that is not judged. */
  readonly judge?: JudgeSignature | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Books what an export holds, in its order: accounts and what became of them, transactions, holds and their captures, reversals. The file is
 * read three times: its proof bundles are checked, then it is seen which transactions later lines refer to. A line with a problem is skipped; the others are booked.
 * @throws ImportRefused when the file as a whole can't be read, or is an export of this very ledger
 */
export async function importNdjson(
  file: SpooledFile,
  books: Books,
  options: NdjsonImport,
): Promise<ImportSummary> {
  const tally = new ImportTally();
  const meter = new ProgressMeter(file.bytes, options.onProgress);
  const door = await ImportDoor.open(books);
  const booking = new NdjsonBooking(door, tally, options);
  await checkBundles(file, options.judge);
  await survey(file, books, booking);
  let isOpen = false;
  for await (const { line, record: read } of readNdjson(meter.count(file.read()))) {
    options.signal?.throwIfAborted();
    const record = 'metadata' in read ? await sealedRecord(read, books, line) : read;
    meter.transactions += 1;
    meter.tick();
    if ('code' in record && 'detail' in record) {
      tally.refused += 1;
      tally.add(record);
    } else if (record.object === 'export') {
      isOpen = true;
    } else if (record.object === 'end') {
      isOpen = false;
    } else if (record.object === 'proof_bundle') {
      continue;
    } else {
      await booking.book(record, line);
    }
  }
  await booking.finish();
  if (isOpen) tally.add(problem(malformedLine, 'the export ends early: its last line is missing'));
  meter.tick(true);
  return tally.summary(books.ledgerId, await books.headRevision(), options.isTrial ?? false);
}

/** @throws ImportRefused `same_ledger`; `malformed_line`: lines of an export are missing, or there are more of them */
async function survey(file: SpooledFile, books: Books, booking: NdjsonBooking): Promise<void> {
  let before: number | undefined;
  for await (const { line, record } of readNdjson(file.read())) {
    if (before !== undefined) before += 1;
    if ('code' in record && 'detail' in record) continue;
    if (record.object === 'end') {
      checkEnd(record, before, line);
      before = undefined;
    }
    if ('transaction' in record) booking.ids.expect(record.transaction);
    if (isOfHold(record)) booking.ids.expectOfHold(record.transaction);
    if ('correction_of' in record && typeof record.correction_of === 'string')
      booking.ids.expect(record.correction_of);
    if (record.object !== 'export') continue;
    before = 0;
    if (record.ledger.id === books.ledgerId) {
      const detail = 'this is an export of this very ledger: all of it is here already';
      throw new ImportRefused(problem(sameLedger, detail, { line }));
    }
    booking.sourceLedgerId = record.ledger.id;
  }
}

/** @param before lines of the export up to its last one, with that; undefined: the file has no header */
function checkEnd({ lines }: ExportTrailer, before: number | undefined, line: number): void {
  if (before === undefined || lines === before) return;
  const detail =
    `the export had ${lines} lines before this one, here it has ${before}: it was edited or cut ` +
    '(to import what is left of it, remove its last lines, from this one on)';
  throw new ImportRefused(problem(malformedLine, detail, { line, column: 'lines' }));
}
