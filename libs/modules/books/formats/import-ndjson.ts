import type { Books } from './books';
import { ImportDoor } from './import-door';
import { ImportTally } from './import-summary';
import type { ImportSummary } from './import-shape';
import { NdjsonBooking } from './ndjson-booking';
import type { NdjsonBookingOptions } from './ndjson-booking';
import { ProgressMeter } from './progress';
import type { OnProgress } from './progress';
import { ImportRefused, problem } from './problem';
import { readNdjson } from './read-ndjson';
import type { SpooledFile } from './spooled-file';
import { malformedLine, sameLedger } from './file-refusals';

export interface NdjsonImport extends NdjsonBookingOptions {
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Books what an export holds, in its order: accounts and what became of them, transactions, holds and their captures, reversals. The file is
 * read twice, first to know which transactions later lines refer to. A line with a problem is skipped; the others are booked.
 * @throws ImportRefused when the file as a whole can't be read, or is an export of this very ledger
 */
export async function importNdjson(
  file: SpooledFile,
  books: Books,
  options: NdjsonImport,
): Promise<ImportSummary> {
  const tally = new ImportTally();
  const meter = new ProgressMeter(file.bytes, options.onProgress);
  const door = await ImportDoor.open(books, options.dryRun ?? false);
  const booking = new NdjsonBooking(door, tally, options);
  await survey(file, books, booking);
  let isOpen = false;
  for await (const { line, record } of readNdjson(meter.count(file.read()))) {
    options.signal?.throwIfAborted();
    meter.transactions += 1;
    meter.tick();
    if ('code' in record && 'detail' in record) {
      tally.refused += 1;
      tally.add(record);
    } else if (record.object === 'export') {
      isOpen = true;
    } else if (record.object === 'end') {
      isOpen = false;
    } else {
      await booking.book(record, line);
    }
  }
  await booking.finish();
  if (isOpen) tally.add(problem(malformedLine, 'the export ends early: its last line is missing'));
  meter.tick(true);
  return tally.summary(books.ledgerId, await books.headRevision(), door.dryRun);
}

async function survey(file: SpooledFile, books: Books, booking: NdjsonBooking): Promise<void> {
  for await (const { line, record } of readNdjson(file.read())) {
    if ('code' in record && 'detail' in record) continue;
    if ('transaction' in record) booking.ids.expect(record.transaction);
    if (record.object !== 'export') continue;
    if (record.ledger.id === books.ledgerId) {
      const detail = 'this is an export of this very ledger: all of it is here already';
      throw new ImportRefused(problem(sameLedger, detail, { line }));
    }
    booking.sourceLedgerId = record.ledger.id;
  }
}
