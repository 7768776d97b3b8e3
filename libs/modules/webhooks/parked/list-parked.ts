import { isoTime } from '@fintech-ledger/contract';
import { journalPrefix, streamOwner } from '@fintech-ledger/envelope';
import { eventId } from '@fintech-ledger/events';
import type { Sql } from '@fintech-ledger/postgres';
import { decodeCursor, encodeCursor, pageOf, StatementParameters } from '@fintech-ledger/projection-runtime';
import type { PageRequest } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import type { ParkedEventView } from './parked-event-shape';

interface Row {
  readonly endpoint_id: string;
  readonly stream: string;
  readonly revision: string;
  readonly type: string;
  readonly reason: string;
  readonly at_ms: string;
  /** Null: it was parked by an earlier version. */
  readonly recorded_ms: string | null;
}

const cursorKind = 'parked_webhook_events';

/** Parked events of an endpoint, those that were tried last first. @throws InvalidCursor */
export async function listParked(
  sql: Sql,
  endpointId: string,
  { limit, cursor }: PageRequest,
): Promise<PageOf<ParkedEventView>> {
  const p = new StatementParameters();
  const where = [`p.endpoint_id = ${p.$(endpointId)}`, "p.state = 'parked'"];
  if (cursor !== undefined) {
    const types = ['number', 'string', 'number', 'string'] as const;
    const [ms = 0, stream = '', revision = 0, type = ''] = decodeCursor(cursorKind, types, cursor);
    const before = [ms, stream, revision, type].map((value) => p.$(value)).join(', ');
    where.push(`(p.at_ms, p.stream, p.revision, p.type) < (${before})`);
  }
  const { rows } = await sql.query<Row>(
    `select p.* from hooks.parked p where ${where.join(' and ')}
      order by p.at_ms desc, p.stream desc, p.revision desc, p.type desc limit ${p.$(limit + 1)}`,
    p.values,
  );
  return pageOf(rows, limit, viewOf, ({ at_ms, stream, revision, type }) =>
    encodeCursor(cursorKind, [Number(at_ms), stream, Number(revision), type]),
  );
}

function viewOf({ endpoint_id, stream, revision, type, reason, at_ms, recorded_ms }: Row): ParkedEventView {
  const ledger = stream.startsWith(journalPrefix) ? streamOwner(stream) : null;
  return {
    object: 'parked_webhook_event',
    webhook_endpoint: endpoint_id,
    event: recorded_ms === null ? null : eventId(type, Number(recorded_ms), Number(revision), stream),
    type,
    ledger,
    position: ledger === null ? null : `${ledger}@${revision}`,
    reason,
    parked_at: isoTime(at_ms),
  };
}
