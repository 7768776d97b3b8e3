import type { ColumnNames } from './csv-columns';
import { readPosting } from './csv-posting';
import type { CsvLine, PostingReader } from './csv-posting';
import { readRecords } from './csv-records';

/** The lines of a CSV file, one at a time. @throws ImportRefused for what is not CSV */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  columns: ColumnNames | undefined,
  reader: PostingReader,
): AsyncGenerator<CsvLine> {
  for await (const record of readRecords(chunks, columns)) yield readPosting(record, reader);
}
