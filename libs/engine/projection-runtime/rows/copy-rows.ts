import type { Sql } from '@fintech-ledger/postgres';

/** Characters that one chunk of a COPY has about: enough to be worth a write, not enough to hold up the event loop. */
const chunkChars = 64 * 1024;

/** Loads rows with COPY; `line` gives one row's fields, escaped where they need it. Nothing is sent when there are none. */
export async function copyRows<R>(
  sql: Sql,
  target: string,
  rows: Iterable<R> & { readonly length: number },
  line: (row: R) => string,
): Promise<void> {
  if (rows.length > 0) await sql.copyFrom(`copy ${target} from stdin`, chunks(rows, line));
}

function* chunks<R>(rows: Iterable<R>, line: (row: R) => string): Generator<string> {
  let chunk = '';
  for (const row of rows) {
    chunk += line(row);
    chunk += '\n';
    if (chunk.length < chunkChars) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
