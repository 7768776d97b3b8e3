import { journalPrefix, organizationPrefix } from '@fintech-ledger/envelope';
import { copyText } from '@fintech-ledger/postgres';
import type { Sql } from '@fintech-ledger/postgres';
import { column, copyRows, defineProjection } from '@fintech-ledger/projection-runtime';
import type { DecodedEvent, Projection } from '@fintech-ledger/projection-runtime';
import type { PublicEventRegistry } from '../catalogue/public-event-registry';
import { streamKey } from './keys';
import { projectPublicEvents } from './project';
import type { Place, PublicEventChanges } from './project';

export const publicEventsName = 'public_events';
/** On which it is told which streams have more, by their keys with commas between, or that any may. */
export const publicEventsChannel = 'public_events';
export const allStreams = '*';
/** Keys in one message; Postgres takes 8,000 bytes. */
const keysToldMax = 400;

/** Where the public events of each organization are. What they say is made of the events themselves when it is read. */
export function publicEventsProjection(registry: PublicEventRegistry): Projection<DecodedEvent> {
  return defineProjection({
    name: publicEventsName,
    // 2: rows say when events were created by the clock of a sandbox.
    version: 2,
    streamPrefixes: [journalPrefix, organizationPrefix],
    // It only says where events are; what was sent because of them is not here.
    mayBeRebuilt: true,
    project: (events) => projectPublicEvents(registry, events),
    save: savePublicEvents,
    tables: ['public_events', 'public_event_names', 'public_event_streams'],
    contents: {
      public_events:
        'select organization_key, recorded_ms, created_ms, stream_key, type, revision ' +
        'from public_events, generate_series(first, last) as revision',
    },
    async resetStream(sql, stream) {
      const key = streamKey(stream);
      for (const table of ['public_events', 'public_event_names'])
        await sql.query(
          `delete from read.${table} e using read.public_event_streams s
            where s.stream = $1 and s.stream_key = $2
              and e.organization_key = s.organization_key and e.stream_key = s.stream_key`,
          [stream, key],
        );
      await sql.query('delete from read.public_event_streams where stream_key = $1 and stream = $2', [
        key,
        stream,
      ]);
    },
  });
}

async function savePublicEvents(sql: Sql, { runs, named, streams }: PublicEventChanges): Promise<void> {
  if (runs.length === 0) return;
  const copied = copyRows(
    sql,
    'read.public_events (organization_key, type, recorded_ms, created_ms, stream_key, first, last)',
    runs,
    (run) => `${placeText(run)}\t${run.first}\t${run.last}`,
  );
  const alsoCopied = copyRows(
    sql,
    'read.public_event_names (organization_key, type, recorded_ms, created_ms, stream_key, revision, name)',
    named,
    ({ name, revision, ...event }) => `${placeText(event)}\t${revision}\t${copyText(name)}`,
  );
  const known = sql.query(
    `with told as (select pg_notify('${publicEventsChannel}', $4)),
          kept as (
       insert into read.public_event_streams (organization_key, stream_key, stream)
       select o::uuid, k::bigint, s from unnest(string_to_array($1, E'\\n'), string_to_array($2, E'\\n'),
                                                string_to_array($3, E'\\n')) as r (o, k, s)
       on conflict do nothing)
     select from told`,
    [
      column(streams, (one) => one.organizationKey),
      column(streams, ({ streamKey: key }) => key),
      column(streams, ({ stream }) => stream),
      streams.length > keysToldMax ? allStreams : streams.map(({ streamKey: key }) => key).join(','),
    ],
    'insert-public-event-streams',
  );
  await Promise.all([copied, alsoCopied, known]);
}

function placeText({ organizationKey, type, recordedMs, createdMs, streamKey: key }: Place): string {
  return `${organizationKey}\t${type}\t${recordedMs}\t${createdMs ?? '\\N'}\t${key}`;
}
