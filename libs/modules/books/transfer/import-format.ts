import type { FastifyRequest } from 'fastify';
import { importCsv, importNdjson, parseColumns, parseTypes, parseUnits } from '@fintech-ledger/books/formats';
import type {
  Books,
  ImportSummary,
  JudgeSignature,
  OnProgress,
  SpooledFile,
} from '@fintech-ledger/books/formats';
import { ApiProblem } from '@fintech-ledger/http';
import type { ImportQuery } from './transfer.dto';

export interface ImportRun {
  readonly isTrial: boolean;
  readonly allowOverdraft: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Judges what proof bundles are signed with. */
  readonly judge: JudgeSignature;
}
const csvParameters = ['columns', 'units', 'types', 'decimal_mark', 'date_order'] as const;
export type ImportFormat = (file: SpooledFile, books: Books, run: ImportRun) => Promise<ImportSummary>;

/**
 * How the body of a request is read, by its content type and parameters.
 * @throws ApiProblem `unsupported_media_type`, `invalid_parameter` @throws ImportRefused for columns and units that can't be read
 */
export function importFormatOf(request: FastifyRequest, query: ImportQuery): ImportFormat {
  const contentType = request.headers['content-type'] ?? '';
  if (contentType.startsWith('application/x-ndjson')) {
    const csvOnly = csvParameters.find((name) => query[name] !== undefined);
    if (csvOnly !== undefined) {
      throw new ApiProblem('invalid_parameter', `'${csvOnly}' is for CSV only.`, { param: `/${csvOnly}` });
    }
    return importNdjson;
  }
  if (!contentType.startsWith('text/csv')) {
    throw new ApiProblem('unsupported_media_type', 'The body must be application/x-ndjson or text/csv.');
  }
  const format = {
    columns: query.columns === undefined ? undefined : parseColumns(query.columns),
    units: query.units === undefined ? undefined : parseUnits(query.units),
    types: query.types === undefined ? undefined : parseTypes(query.types),
    decimalMark: query.decimal_mark,
    dateOrder: query.date_order,
  };
  return (file, books, run) => importCsv(file, books, { ...format, ...run });
}
