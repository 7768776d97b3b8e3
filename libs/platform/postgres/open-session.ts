import { Client } from 'pg';
import type { ClientConfig } from 'pg';
import { clientSql } from './client-sql';
import { setTimeout as sleep } from 'node:timers/promises';
import { translateError } from './translate-error';
import type { SqlSession } from './types';

/** How long the server may take to say good-bye. */
const releaseMsMax = 2_000;

/** Opens a connection of its own. @throws DatabaseUnavailable, DatabaseError */
export async function openSession(config: ClientConfig): Promise<SqlSession> {
  const client = new Client(config);
  let state: 'open' | 'lost' | 'released' = 'open';
  const callbacks: (() => void)[] = [];
  const lose = (): void => {
    if (state !== 'open') return;
    state = 'lost';
    for (const callback of callbacks.splice(0)) callback();
  };
  client.on('error', lose);
  client.on('end', lose);
  try {
    await client.connect();
  } catch (error) {
    state = 'released';
    throw translateError(error, 'connecting');
  }
  return {
    ...clientSql(client),
    async listen(channel, callback) {
      client.on('notification', ({ channel: told, payload = '' }) => {
        if (told === channel) callback(payload);
      });
      await clientSql(client).query(`listen ${client.escapeIdentifier(channel)}`);
    },
    async release() {
      if (state === 'open') state = 'released';
      const waiting = new AbortController();
      const late = sleep(releaseMsMax, undefined, { signal: waiting.signal }).catch(() => undefined);
      await Promise.race([client.end().catch(() => undefined), late]);
      waiting.abort();
      client.connection.stream.destroy();
    },
    onLost(callback) {
      if (state === 'lost') callback();
      else callbacks.push(callback);
    },
  };
}
