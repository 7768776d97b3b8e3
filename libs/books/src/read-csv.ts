import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { locateColumns } from './csv-columns';
import type { ColumnNames } from './csv-columns';
import { readPosting } from './csv-posting';
import type { CsvLine, LineReader } from './csv-posting';
import { decodeUtf8 } from './decode-utf8';
import { recordCharactersMax } from './limits';
import type { DecimalMark } from './parse-amount';
import { ImportRefused, problem } from './problem';

export interface CsvFormat {
  /** Undefined: the header calls its columns as their roles. */
  readonly columns?: ColumnNames | undefined;
  /** Undefined: told from each number, where it can be. */
  readonly decimalMark?: DecimalMark | undefined;
}

/** The lines of a CSV file (RFC 4180, with a header), one at a time. @throws ImportRefused for what is not CSV */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  format: CsvFormat,
): AsyncGenerator<CsvLine> {
  const parser = parse({
    bom: true,
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: recordCharactersMax,
  });
  const source = Readable.from(decodeUtf8(chunks), { objectMode: false });
  source.on('error', (error) => parser.destroy(error)).pipe(parser);
  try {
    let reader: LineReader | undefined;
    let width = 0;
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      if (reader === undefined) {
        width = record.length;
        reader = {
          columns: locateColumns(record, format.columns),
          names: format.columns,
          decimalMark: format.decimalMark,
        };
      } else {
        yield record.length === width
          ? readPosting(record, info.lines, reader)
          : wrongWidth(record, info.lines, width, reader);
      }
    }
    if (reader === undefined) {
      throw new ImportRefused(problem('malformed_csv', 'the file has no header line', { line: 1 }));
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : undefined;
    throw new ImportRefused(problem('malformed_csv', error.message, { line }));
  } finally {
    source.destroy();
  }
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function wrongWidth(fields: readonly string[], line: number, width: number, reader: LineReader): CsvLine {
  const { transaction } = readPosting(fields, line, reader);
  const detail = `the line has ${fields.length} fields, the header ${width}`;
  return { line, transaction, content: problem('malformed_csv', detail, { line }) };
}
