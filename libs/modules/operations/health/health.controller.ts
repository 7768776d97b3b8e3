import { projectionList } from '@fintech-ledger/projection-runtime';
import { readiness, readinessShape } from '@fintech-ledger/health';
import type { Readiness } from '@fintech-ledger/health';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { ListProjections } from '../projections/list-projections.handler';
import type { ProjectionView } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import {
  mayComeFrom,
  Authenticator,
  bearerToken,
  apiMetricsPort,
  queryOfRequest,
  Endpoint,
  sendJson,
  wholePageOf,
  WholePageQuery,
} from '@fintech-ledger/http';
import type { ApiMetrics, ApiRequest } from '@fintech-ledger/http';
import { alarmsPort, healthChecksPort, lookPort } from '../ports';
import type { AlarmList, HealthChecks, Look } from '../ports';
import { ReadinessQuery } from './readiness.dto';

const open = { method: 'GET', tag: 'Operations', scope: null, kind: 'plain' } as const;

/** As long as a check of readiness may take, milliseconds: whether a key is known may hang with the database. */
const keyWaitMs = 2_000;

@Controller()
export class HealthController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(apiMetricsPort) private readonly metrics: ApiMetrics,
    @Inject(healthChecksPort) private readonly needed: HealthChecks,
    @Inject(alarmsPort) private readonly alarms: AlarmList,
    @Inject(lookPort) private readonly look: Look,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
  ) {}

  @Endpoint({
    ...open,
    path: '/v1/projections',
    operation: 'listProjections',
    summary: 'The state of the read models, by their names: position, lag, last error',
    scope: 'ops:read',
    query: WholePageQuery,
    answer: { status: 200, schema: projectionList, description: 'A page of projections.' },
  })
  async projections(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = new ListProjections(wholePageOf(queryOfRequest<WholePageQuery>(request)));
    sendJson(reply, await this.queries.execute<ListProjections, PageOf<ProjectionView>>(query));
  }

  @Endpoint({
    ...open,
    path: '/health/live',
    operation: 'getLiveness',
    summary: 'Whether the process runs',
    answer: { status: 200, schema: readinessShape, description: 'It does.' },
  })
  live(@Req() _request: ApiRequest, @Res() reply: FastifyReply): void {
    sendJson(reply, { status: 'ok', checks: {} });
  }

  @Endpoint({
    ...open,
    path: '/health/ready',
    operation: 'getReadiness',
    summary: 'Whether the process can serve',
    description:
      '`ok`, or `degraded` while it can do only a part of its job, with a reason for each check: no writes, a clock that jumped, an event store, a stream or a read model that is halted, a due record that can not be handled. 503 with the same shape when it can not do its job at all: while it starts or stops, without its database, at the event store of another installation. `?require=writes`: 503 also when no command can be written. Each reason is counted by the metric `ledger_alarms`. Reasons name hosts and paths, so here only a key with `ops:read` is told them; without one each is `not ok`. On `HEALTH_PORT` everybody is told.',
    query: ReadinessQuery,
    answer: { status: 200, schema: readinessShape, description: 'It can, or a part of it.' },
  })
  async ready(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { require } = queryOfRequest<ReadinessQuery>(request);
    const { needed, alarms, look } = this;
    const [health, isOperator] = await Promise.all([
      readiness({ needed, alarms, look }, require),
      this.isOperator(request),
    ]);
    if (health.status === 'unavailable') void reply.code(503).header('Retry-After', '1');
    sendJson(reply, isOperator ? health : withoutReasons(health));
  }

  /** Whether a key that is known may read what operators are told; while it can't be said it may not. */
  private async isOperator({ headers, ip }: ApiRequest): Promise<boolean> {
    const token = bearerToken(headers.authorization);
    if (token === undefined) return false;
    const asked = this.authenticator.authenticate(token, 'read').catch(() => undefined);
    const principal = await Promise.race([asked, sleep(keyWaitMs, undefined, { ref: false })]);
    if (principal === undefined || !mayComeFrom(principal, ip)) return false;
    return principal.allowed.has('ops:read');
  }

  @Endpoint({
    ...open,
    path: '/metrics',
    operation: 'getMetrics',
    scope: 'ops:read',
    summary: 'Metrics in the Prometheus text format',
    description: 'Without a key they are on `HEALTH_PORT` only.',
    answer: {
      status: 200,
      schema: null,
      texts: {
        'text/plain; version=0.0.4; charset=utf-8':
          '# HELP ledger_commands_total Commands by their outcome.\n# TYPE ledger_commands_total counter\n' +
          'ledger_commands_total{outcome="accepted"} 42\n',
      },
      description: 'The metrics.',
    },
  })
  async render(@Req() _request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.look();
    const text = await this.metrics.render();
    void reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(text);
  }
}

function withoutReasons({ status, checks }: Readiness): Readiness {
  const names = Object.entries(checks).map(([name, reason]) => [name, reason === 'ok' ? 'ok' : 'not ok']);
  return { status, checks: Object.fromEntries(names) as Readiness['checks'] };
}
