import { readiness } from '@fintech-ledger/health';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { ListProjections } from './list-projections.handler';
import type { ProjectionView } from '@fintech-ledger/projection-runtime';
import {
  alarmsPort,
  apiMetricsPort,
  healthChecksPort,
  lookPort,
  queryOfRequest,
  Endpoint,
  sendJson,
} from '@fintech-ledger/http';
import type { ApiMetrics, ApiRequest } from '@fintech-ledger/http';
import type { ApiDeps } from '../api-deps';
import { ReadinessQuery } from './readiness.dto';

const open = { method: 'GET', tag: 'Operations', scope: null, kind: 'plain' } as const;

@Controller()
export class OperationsController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(apiMetricsPort) private readonly metrics: ApiMetrics,
    @Inject(healthChecksPort) private readonly needed: ApiDeps['healthChecks'],
    @Inject(alarmsPort) private readonly alarms: ApiDeps['alarms'],
    @Inject(lookPort) private readonly look: () => Promise<void>,
  ) {}

  @Endpoint({
    ...open,
    path: '/v1/projections',
    operation: 'listProjections',
    summary: 'The state of the read models: position, lag, last error',
    scope: 'ops:read',
    answer: { status: 200, schema: 'ProjectionList', description: 'All projections.' },
  })
  async projections(@Req() _request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const data = await this.queries.execute<ListProjections, readonly ProjectionView[]>(
      new ListProjections(),
    );
    sendJson(reply, { data, has_more: false, next_cursor: null });
  }

  @Endpoint({
    ...open,
    path: '/health/live',
    operation: 'getLiveness',
    summary: 'Whether the process runs',
    answer: { status: 200, schema: 'Health', description: 'It does.' },
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
      '`ok`, or `degraded` while it can do only a part of its job, with a reason for each check: no writes, a clock that jumped, an event store, a stream or a read model that stands still, a due record that can not be handled. 503 with the same shape when it can not do its job at all: while it starts or stops, without its database, at the event store of another installation. `?require=writes`: 503 also when no command can be written. Each reason is counted by the metric `ledger_alarms`.',
    query: ReadinessQuery,
    answer: { status: 200, schema: 'Health', description: 'It can, or a part of it.' },
  })
  async ready(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { require } = queryOfRequest<ReadinessQuery>(request);
    const { needed, alarms, look } = this;
    const health = await readiness({ needed, alarms, look }, require);
    if (health.status === 'unavailable') void reply.code(503).header('Retry-After', '1');
    sendJson(reply, health);
  }

  @Endpoint({
    ...open,
    path: '/metrics',
    operation: 'getMetrics',
    summary: 'Metrics in the Prometheus text format',
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
