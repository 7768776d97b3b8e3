import { isoTime } from '@fintech-ledger/contract';
import type { PublicEventRegistry } from '@fintech-ledger/events';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Database, Sql } from '@fintech-ledger/postgres';
import type { ParkedSource, ParkedView } from '@fintech-ledger/projection-runtime';
import { tellDispatchers } from '../outbox/channels';
import { insertMessages, lockEndpoint } from '../outbox/keep-messages';
import type { Addressee } from '../outbox/keep-messages';
import { messageId } from '../outbox/message-body';
import type { Told } from '../outbox/news';
import { isMessage, isPoison } from './park-events';
import { EventMissing, tellPlaces } from '../outbox/tell-places';

interface Row {
  readonly id: string;
  readonly endpoint_id: string;
  readonly stream: string;
  readonly revision: string;
  readonly type: string;
  readonly reason: string;
  readonly at_ms: string;
  readonly state: 'parked' | 'sent' | 'discarded';
  readonly attempts: number;
  readonly discarded_ms: string | null;
  readonly discarded_by: string | null;
  readonly discard_reason: string | null;
}

export interface ParkedMessagesOptions {
  /** Its statements read the live sides of read models. */
  readonly db: Database;
  readonly store: Pick<EventStore, 'readStream'>;
  readonly registry: PublicEventRegistry;
  readonly nowMs: () => number;
}

/** The name under which the outbox is known. */
const reader = 'webhook_messages';
const columns =
  'id, endpoint_id, stream, revision, type, reason, at_ms, state, attempts, discarded_ms, discarded_by, discard_reason';

/** Events of which no message could be made for a webhook endpoint. */
export function parkedMessages(options: ParkedMessagesOptions): ParkedSource {
  const { db, nowMs } = options;
  return {
    async list(states, of, limit, before) {
      if (of !== undefined && of !== reader) return [];
      const { rows } = await db.query<Row>(
        `select ${columns} from hooks.parked
          where state = any (string_to_array($1, ','))
            and ($2::bigint is null or (at_ms, id) < ($2, $3)) order by at_ms desc, id desc limit $4`,
        [states.join(','), before?.sinceMs ?? null, before?.id ?? null, limit],
      );
      return rows.map(view);
    },
    async find(id) {
      const row = await select(db, id);
      return row === undefined ? undefined : view(row);
    },
    retry: (id) => retry(options, id),
    discard: (id, { reason, by }, note) =>
      db.transaction(async (sql) => {
        const row = await select(sql, id, 'for update');
        if (row?.state !== 'parked') return;
        await note();
        await sql.query(
          `update hooks.parked set state = 'discarded', discarded_ms = $2, discarded_by = $3, discard_reason = $4
            where id = $1`,
          [id, nowMs(), by, reason],
        );
      }),
  };
}

async function select(sql: Sql, id: string, lock = ''): Promise<Row | undefined> {
  const { rows } = await sql.query<Row>(`select ${columns} from hooks.parked where id = $1 ${lock}`, [id]);
  return rows[0];
}

/** Makes the message, which is sent next; or notes why that can't be done yet. */
async function retry(options: ParkedMessagesOptions, id: string): Promise<void> {
  const { db, nowMs } = options;
  const before = await select(db, id);
  if (before === undefined) return;
  const addressee = await addresseeOf(db, before.endpoint_id);
  const told =
    addressee === undefined ? undefined : await tellAgain(options, before, addressee.organizationId);
  await db.transaction(async (sql) => {
    // In the order in which messages are made: the endpoint's row first.
    const { last } = await lockEndpoint(sql, before.endpoint_id);
    const row = await select(sql, id, 'for update');
    if (row?.state !== 'parked') return;
    if (addressee === undefined || told === undefined || !isMessage(told)) {
      await sql.query('update hooks.parked set attempts = attempts + 1, reason = $2 where id = $1', [
        id,
        addressee === undefined ? 'its endpoint was deleted: discard it' : reasonOf(told),
      ]);
      return;
    }
    // A replay may have sent it since.
    const { rows } = await sql.query('select from hooks.messages where id = $1', [
      messageId(told.rendered.view.id, before.endpoint_id),
    ]);
    const message = { ...told, recordedMs: told.rendered.recordedMs };
    if (rows.length === 0)
      await insertMessages(sql, addressee, [message], { last, nowMs: nowMs(), status: () => 'pending' });
    await sql.query(`update hooks.parked set state = 'sent', attempts = attempts + 1 where id = $1`, [id]);
    await tellDispatchers(sql);
  });
}

async function addresseeOf(sql: Sql, endpointId: string): Promise<Addressee | undefined> {
  const { rows } = await sql.query<Addressee>(
    `select e.endpoint, e.organization_id as "organizationId", o.parent_id is null as "isLive"
       from read.webhook_endpoints e join read.organizations o on o.id = e.organization_id
      where e.id = $1 and e.deleted_ms is null`,
    [endpointId],
  );
  return rows[0];
}

async function tellAgain(
  options: ParkedMessagesOptions,
  { stream, revision, type }: Row,
  organizationId: string,
): Promise<Told | undefined> {
  // When it was recorded is not known of each row: what is rendered says it.
  const place = { revision: Number(revision), type, recordedMs: 0 };
  try {
    const [told] = await tellPlaces(options, { organizationId, stream }, [place]);
    return told;
  } catch (error) {
    if (error instanceof EventMissing) return { ...place, rendered: { reason: error.message } };
    throw error;
  }
}

const reasonOf = (told: Told | undefined): string =>
  told !== undefined && isPoison(told)
    ? told.rendered.reason
    : 'nothing is told of this event any more: discard it';

const view = (row: Row): ParkedView => ({
  object: 'parked_event',
  id: row.id,
  state: row.state,
  reader,
  webhook_endpoint: row.endpoint_id,
  stream: row.stream,
  revision: Number(row.revision),
  type: row.type,
  reason: row.reason,
  advice:
    row.state === 'parked'
      ? 'Mend what the reason names, or upgrade, then retry it. Or discard it: the endpoint is never told of it then.'
      : 'Nothing is left to do.',
  attempts: row.attempts,
  since: isoTime(row.at_ms),
  retry_at: null,
  may_be_discarded: row.state === 'parked',
  discarded_at: row.discarded_ms === null ? null : isoTime(row.discarded_ms),
  discarded_by: row.discarded_by,
  discard_reason: row.discard_reason,
});
