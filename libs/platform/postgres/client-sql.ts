import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { types } from 'pg';
import type { ClientBase, Connection, CustomTypesConfig, Query, QueryConfig } from 'pg';
import { translateError } from './translate-error';
import { ReadCopy } from './read-copy';
import type { OnCopied } from './read-copy';
import type { Sql } from './types';
import { WholeCopy } from './whole-copy';

/** Bytes of a COPY that are made in one go. */
const madeInOneGo = 1024 * 1024;

/** What the library's clients have, and its declarations leave out. */
export type PipelinedClient = ClientBase & {
  /** Whether statements are sent before those before them are answered. */
  pipeline?: boolean;
  readonly connection?: Pick<Connection, 'stream'>;
};

const { TIMESTAMPTZ } = types.builtins;
/** Of the driver's parsers all but one: it makes a number of a time that is infinite, which is no moment. */
const typesConfig: CustomTypesConfig = {
  getTypeParser(oid, format) {
    const parse = types.getTypeParser(oid, format) as (value: string) => unknown;
    if (Number(oid) !== Number(TIMESTAMPTZ)) return parse;
    return (value: string) => (value.endsWith('infinity') ? null : parse(value));
  },
};

/** SQL on one given connection; every error is translated as one of a statement that was sent. */
export function clientSql(client: ClientBase): Sql {
  return {
    async query<R extends object>(text: string, values?: readonly unknown[], name?: string) {
      const config: QueryConfig = { text, types: typesConfig };
      if (values !== undefined) config.values = values as unknown[];
      if (name !== undefined) config.name = statementName(name);
      try {
        gather(client);
        const result = await client.query<R>(config);
        return { rows: result.rows, rowCount: result.rowCount ?? 0 };
      } catch (error) {
        throw translateError(error, 'sent');
      }
    },
    async copyFrom(statement, chunks) {
      const rows: Buffer[] = [];
      let bytes = 0;
      for (const chunk of chunks) {
        const row = Buffer.from(chunk);
        rows.push(row);
        bytes += row.length;
        if (bytes < madeInOneGo) continue;
        bytes = 0;
        await setImmediate();
      }
      gather(client);
      await submitted(client, new WholeCopy(statement, rows));
    },
  };
}

/** `Database.copyTo` on one given connection. */
export const copyTo = (client: ClientBase, statement: string, onCopied: OnCopied): Promise<void> =>
  submitted(client, new ReadCopy(statement, onCopied));

function submitted(client: ClientBase, query: WholeCopy | ReadCopy): Promise<void> {
  const copy = query as Query & { callback?(error?: Error | null): void };
  return new Promise<void>((resolve, reject) => {
    copy.callback = (error) => (error ? reject(error) : resolve());
    client.query(copy);
  }).catch((error: unknown) => {
    throw translateError(error, 'sent');
  });
}

/** What PostgreSQL keeps of a name (NAMEDATALEN less its end): two that differ beyond are one to it. */
const nameMax = 63;

const statementName = (name: string): string =>
  name.length <= nameMax
    ? name
    : `${name.slice(0, 40)} ${createHash('sha256').update(name).digest('hex').slice(0, 20)}`;

/** Has what is asked for in this turn of the event loop sent by one write, in a pipelined transaction. */
function gather(client: PipelinedClient): void {
  const { stream } = client.connection ?? {};
  if (client.pipeline !== true || stream === undefined || stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}
