import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { LogRecord } from './log-record';

type StoredRecord = Omit<LogRecord, 'data' | 'metadata'> & {
  readonly data: string;
  readonly metadata: string;
};

/** A line of the file. A deletion has records of its own; files of earlier versions have a line for it. */
type Line =
  | { readonly append: readonly StoredRecord[] }
  | { readonly delete: string; readonly truncateBefore: number; readonly isTombstone: boolean };

export interface Deletion {
  readonly stream: string;
  readonly truncateBefore: number;
  readonly isTombstone: boolean;
}

export function writeRecords(file: string, records: readonly LogRecord[]): void {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const append = records.map((record) => ({
    ...record,
    data: base64(record.data),
    metadata: base64(record.metadata),
  }));
  appendFileSync(file, `${JSON.stringify({ append })}\n`);
}

/** The appends of a file in their order, and deletions; none when there is no file. */
export function* readRecords(file: string): Generator<readonly LogRecord[] | Deletion> {
  if (!existsSync(file)) return;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    // The last line is half written when the process was killed: that append never happened.
    if (line === '' || !line.endsWith('}')) continue;
    const entry = JSON.parse(line) as Line;
    if ('delete' in entry) yield { ...entry, stream: entry.delete };
    else {
      yield entry.append.map((record) => ({
        ...record,
        data: new Uint8Array(Buffer.from(record.data, 'base64')),
        metadata: new Uint8Array(Buffer.from(record.metadata, 'base64')),
      }));
    }
  }
}
