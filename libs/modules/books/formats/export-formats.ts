import { exportBeancount } from './export-beancount';
import { exportCsv } from './export-csv';
import { exportHledger } from './export-hledger';
import { exportNdjson } from './export-ndjson';
import type { ExportOptions, ExportSource } from './export-source';

export interface ExportFormat {
  readonly contentType: string;
  /** Of a file that holds it, without the dot. */
  readonly extension: string;
  write(source: ExportSource, options?: ExportOptions): AsyncIterable<string>;
}

/** The formats of an export by their name. */
export const exportFormats = {
  ndjson: { contentType: 'application/x-ndjson', extension: 'ndjson', write: exportNdjson },
  csv: { contentType: 'text/csv; charset=utf-8', extension: 'csv', write: exportCsv },
  hledger: { contentType: 'text/plain; charset=utf-8', extension: 'journal', write: exportHledger },
  beancount: { contentType: 'text/plain; charset=utf-8', extension: 'beancount', write: exportBeancount },
} as const satisfies Record<string, ExportFormat>;
