import { readiness } from '@fintech-ledger/health';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { ListProjections } from '@fintech-ledger/application';
import type { ProjectionView } from '@fintech-ledger/application';
import { alarmsPort, apiMetricsPort, healthChecksPort } from '../api-deps';
import type { ApiDeps, ApiMetrics } from '../api-deps';
import type { ApiRequest } from '../http/api-request';
import { Endpoint } from '../http/endpoint';
import { sendJson } from '../http/send-answer';

const open = { method: 'GET', tag: 'Operations', scope: null, kind: 'plain' } as const;

@Controller()
export class OperationsController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(apiMetricsPort) private readonly metrics: ApiMetrics,
    @Inject(healthChecksPort) private readonly needed: ApiDeps['healthChecks'],
    @Inject(alarmsPort) private readonly alarms: ApiDeps['alarms'],
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
    description: '503 with the same shape when a part is not ready.',
    answer: { status: 200, schema: 'Health', description: 'It can.' },
  })
  async ready(@Req() _request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const health = await readiness({ needed: this.needed, alarms: this.alarms });
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
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      description: 'The metrics.',
    },
  })
  async render(@Req() _request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const text = await this.metrics.render();
    void reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(text);
  }
}
