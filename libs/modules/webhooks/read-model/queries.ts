import { organizationStream } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import {
  decodeCursor,
  encodeCursor,
  followed,
  inTurnOf,
  pageOf,
  readAt,
  reachedRevision,
  StatementParameters,
} from '@fintech-ledger/projection-runtime';
import type {
  At,
  FairTurns,
  Followed,
  PageRequest,
  PositionWaiter,
} from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import { webhookEndpointView } from '@fintech-ledger/webhooks/domain';
import type { EndpointFacts, WebhookEndpointView } from '@fintech-ledger/webhooks/domain';
import { webhookEndpointsName } from './endpoints-projection';

/** The name under which the queries of webhook endpoints are provided to handlers. */
export const webhookQueriesPort = Symbol('WebhookQueries');

export interface WebhookQueries extends Followed {
  endpoint(organizationId: string, endpointId: string): Promise<At<WebhookEndpointView | null>>;
  endpoints(organizationId: string, page: PageRequest): Promise<At<PageOf<WebhookEndpointView>>>;
  /** How far the endpoints are read, halted or not; -1: not at all. */
  revision(organizationId: string): Promise<number>;
}

interface Row {
  readonly created_revision: string;
  readonly endpoint: EndpointFacts;
}
const columns = 'true as row_exists, x.created_revision, x.endpoint';

/** All throw DatabaseUnavailable when Postgres is unavailable. */
export function postgresWebhookQueries(
  db: Sql,
  waiter: Pick<PositionWaiter, 'waitFor'>,
  turns?: FairTurns,
): WebhookQueries {
  const sqlOf = (organizationId: string): Sql => inTurnOf(turns, organizationId, db);
  return {
    ...followed(db, waiter, organizationStream),
    async endpoint(organizationId, endpointId) {
      const p = new StatementParameters();
      const { revision, rows } = await read(
        sqlOf(organizationId),
        organizationId,
        p,
        [`x.id = ${p.$(endpointId)}`],
        1,
      );
      return { revision, result: rows[0] === undefined ? null : viewOf(rows[0]) };
    },
    async endpoints(organizationId, { limit, cursor }) {
      const p = new StatementParameters();
      const where: string[] = [];
      if (cursor !== undefined) {
        const [before = 0] = decodeCursor('webhook_endpoints', ['number'], cursor);
        where.push(`x.created_revision < ${p.$(before)}`);
      }
      const { revision, rows } = await read(sqlOf(organizationId), organizationId, p, where, limit + 1);
      const cursorOf = (row: Row): string =>
        encodeCursor('webhook_endpoints', [Number(row.created_revision)]);
      return { revision, result: pageOf(rows, limit, viewOf, cursorOf) };
    },
    async revision(organizationId) {
      const p = new StatementParameters();
      const text = `select ${reachedOf(organizationId, p)} as at`;
      const { rows } = await sqlOf(organizationId).query<{ at: string }>(text, p.values);
      return Number(rows[0]?.at ?? -1);
    },
  };
}

const reachedOf = (organizationId: string, p: StatementParameters): string =>
  reachedRevision(p.$(organizationStream(organizationId)), webhookEndpointsName);

const viewOf = ({ endpoint }: Row): WebhookEndpointView => webhookEndpointView(endpoint);

function read(
  db: Sql,
  organizationId: string,
  p: StatementParameters,
  where: readonly string[],
  count: number,
): Promise<{ readonly revision: number; readonly rows: readonly Row[] }> {
  const reached = reachedOf(organizationId, p);
  const conditions = [`x.organization_id = ${p.$(organizationId)}`, 'x.deleted_ms is null', ...where];
  const text = `select ${columns} from read.webhook_endpoints x where ${conditions.join(' and ')}
                 order by x.created_revision desc limit ${p.$(count)}`;
  return readAt<Row>(db, reached, text, 'r.created_revision desc', p);
}
