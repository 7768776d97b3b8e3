import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { isExportHeader, locateColumns } from './csv-columns';
import type { ColumnNames, ColumnRole } from './csv-columns';
import { withDelimiter } from './csv-delimiter';
import { decodeUtf8 } from './decode-utf8';
import { recordCharactersMax } from './limits';
import { ImportRefused, problem } from './problem';
import type { ImportProblem } from './problem';
import { malformedCsv } from './file-refusals';

/** One record of a CSV file below its header. */
export interface CsvRecord {
  readonly line: number;
  /** What stands in the column of a role, without white space around it; empty when there is no such column. */
  cell(role: ColumnRole): string;
  has(role: ColumnRole): boolean;
  /** How the file calls a role's column. */
  columnOf(role: ColumnRole): string;
  /** The file has the header of our own exports. */
  readonly isExport: boolean;
  /** It has another number of fields than the header. */
  readonly wrongWidth: ImportProblem | undefined;
}

/**
 * The records of a CSV file (RFC 4180, with a header; commas, semicolons or tabs between the fields), one at a time.
 * @throws ImportRefused for what is not CSV
 */
export async function* readRecords(
  chunks: AsyncIterable<Uint8Array>,
  names: ColumnNames | undefined,
): AsyncGenerator<CsvRecord> {
  const { delimiter, text } = await withDelimiter(decodeUtf8(chunks), names);
  const parser = parse({
    bom: true,
    info: true,
    // It takes a tab for white space even where it delimits; the cells are trimmed below.
    trim: delimiter !== '\t',
    delimiter,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: recordCharactersMax,
  });
  const source = Readable.from(text, { objectMode: false });
  source.on('error', (error) => parser.destroy(error)).pipe(parser);
  try {
    let header: Header | undefined;
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      if (header === undefined) {
        const titles = record.map((title) => title.trim());
        header = {
          width: titles.length,
          columns: locateColumns(titles, names),
          names,
          isExport: isExportHeader(titles),
        };
      } else {
        yield recordOf(record, info.lines, header);
      }
    }
    if (header === undefined) {
      throw new ImportRefused(problem(malformedCsv, 'the file has no header line', { line: 1 }));
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : undefined;
    throw new ImportRefused(problem(malformedCsv, error.message, { line }));
  } finally {
    source.destroy();
  }
}

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}
interface Header {
  readonly width: number;
  readonly columns: ReadonlyMap<ColumnRole, number>;
  readonly names: ColumnNames | undefined;
  readonly isExport: boolean;
}

function recordOf(fields: readonly string[], line: number, header: Header): CsvRecord {
  const { width, columns, names } = header;
  const detail = `the line has ${fields.length} fields, the header ${width}`;
  return {
    line,
    isExport: header.isExport,
    cell: (role) => fields[columns.get(role) ?? -1]?.trim() ?? '',
    has: (role) => columns.has(role),
    columnOf: (role) => names?.get(role) ?? role,
    wrongWidth: fields.length === width ? undefined : problem(malformedCsv, detail, { line }),
  };
}
