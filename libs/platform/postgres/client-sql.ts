import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase, QueryConfig } from 'pg';
import { from } from 'pg-copy-streams';
import { translateError } from './translate-error';
import type { Sql } from './types';

/** SQL on one given connection; every error is translated as one of a statement that was sent. */
export function clientSql(client: ClientBase): Sql {
  return {
    async query<R extends object>(text: string, values?: readonly unknown[], name?: string) {
      const config: QueryConfig = { text };
      if (values !== undefined) config.values = values as unknown[];
      if (name !== undefined) config.name = name;
      try {
        const result = await client.query<R>(config);
        return { rows: result.rows, rowCount: result.rowCount ?? 0 };
      } catch (error) {
        throw translateError(error, 'sent');
      }
    },
    async copyFrom(statement, chunks) {
      // The source's own error must reach the caller as it is, not as a failed COPY.
      const source: { error?: unknown } = {};
      try {
        await pipeline(Readable.from(guarded(chunks, source)), client.query(from(statement)));
      } catch (error) {
        // The server has yet to finish with the failed COPY; an empty query waits its turn behind that.
        await client.query('').catch(() => undefined);
        throw source.error ?? translateError(error, 'sent');
      }
    },
  };
}

function* guarded(chunks: Iterable<string>, source: { error?: unknown }): Generator<Buffer> {
  try {
    for (const chunk of chunks) yield Buffer.from(chunk);
  } catch (error) {
    source.error = error;
    throw error;
  }
}
