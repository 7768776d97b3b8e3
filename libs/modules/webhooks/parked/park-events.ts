import type { Logger } from '@fintech-ledger/logging';
import type { Sql } from '@fintech-ledger/postgres';
import type { RenderedEvent } from '@fintech-ledger/events';
import type { EndpointFacts } from '@fintech-ledger/webhooks/domain';
import type { Told } from '../outbox/news';

interface Of {
  readonly endpoint: Pick<EndpointFacts, 'id'>;
  readonly stream: string;
}
/** What can be sent of a place. */
export type Message = Told & { readonly rendered: RenderedEvent };
type Poison = Told & { readonly rendered: { readonly reason: string } };
export const isMessage = (told: Told): told is Message => 'view' in told.rendered;
export const isPoison = (told: Told): told is Poison => 'reason' in told.rendered;

/** Tells operators of events of which no message can be made. */
export function reportParked(
  log: Pick<Logger, 'error'>,
  { endpoint, stream }: Of,
  told: readonly Told[],
): void {
  for (const { revision, type, rendered } of told.filter(isPoison))
    log.error(
      { endpoint: endpoint.id, stream, revision, type, reason: rendered.reason },
      'ALARM: no message can be made of an event: it is parked, and the others go on',
    );
}

/** Keeps them with the reason. @returns how many there are */
export async function parkEvents(
  sql: Sql,
  { endpoint, stream }: Of,
  told: readonly Told[],
  nowMs: number,
): Promise<number> {
  const poison = told.filter(isPoison);
  for (const { revision, type, recordedMs, rendered } of poison)
    await sql.query(
      `insert into hooks.parked (endpoint_id, stream, revision, type, reason, at_ms, recorded_ms)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (endpoint_id, stream, revision, type)
       do update set reason = excluded.reason, at_ms = excluded.at_ms, recorded_ms = excluded.recorded_ms,
                     state = 'parked', discarded_ms = null, discarded_by = null, discard_reason = null`,
      [endpoint.id, stream, revision, type, rendered.reason, nowMs, recordedMs],
    );
  return poison.length;
}

/** Of these there is a message now. @param messages by revision */
export async function unparkEvents(
  sql: Sql,
  { endpoint, stream }: Of,
  messages: readonly Pick<Told, 'revision' | 'type'>[],
): Promise<void> {
  const [first, last] = [messages[0], messages.at(-1)];
  if (first === undefined || last === undefined) return;
  const told = messages.map(({ revision, type }) => `${revision} ${type}`).join('\n');
  await sql.query(
    `delete from hooks.parked
      where endpoint_id = $1 and stream = $2 and revision between $3 and $4
        and revision || ' ' || type = any (string_to_array($5, E'\\n'))`,
    [endpoint.id, stream, first.revision, last.revision, told],
  );
}
