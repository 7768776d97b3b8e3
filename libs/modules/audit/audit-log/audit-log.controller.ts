import { Readable } from 'node:stream';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  ApiProblem,
  Endpoint,
  pageOf,
  queryOfRequest,
  readerOfAll,
  sendAnswer,
  slicesOfProcess,
  windowMs,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { LedgerDirectory } from '@fintech-ledger/ledger';
import { auditLinesExportedAtOnce } from '../trail/limits';
import { auditLineShape, auditLogPageShape } from './audit-line-shape';
import { AuditLog } from './audit-log';
import type { AuditLogFilter } from './audit-log';
import { addressOf, AuditLogExportQuery, AuditLogQuery } from './audit-log.dto';
import type { AuditLogFilterQuery } from './audit-log.dto';
import { auditLogCsv, auditLogNdjson } from './audit-log-csv';

const read = { method: 'GET', tag: 'Audit', scope: 'audit:read', kind: 'read' } as const;
const { example } = auditLineShape;

@Controller()
export class AuditLogController {
  constructor(
    @Inject(AuditLog) private readonly log: AuditLog,
    @Inject(LedgerDirectory) private readonly directory: LedgerDirectory,
  ) {}

  @Endpoint({
    ...read,
    path: '/v1/audit_log',
    operation: 'listAuditLog',
    summary: 'What anybody did, or was refused, newest first',
    description:
      'Every event of the organization and of its ledgers; what else was done with one of its API keys, such as to ' +
      'send a webhook again or to swap a rebuild; and every attempt with one of them that was refused: of queries ' +
      'those that the key had no right to, of all else each one. Queries that were answered, or found nothing, and ' +
      'dry runs are not in it. What has no event of its own is written within a second or two after its answer; ' +
      'refusals beyond ten a second of one key and one code are one line with a `count`. Attempts without a valid ' +
      'key are in the metric `ledger_security_events_total` alone. Addresses and user agents are kept for ' +
      '`AUDIT_ORIGIN_DAYS` days. `from` is inclusive, `to` exclusive, both of when it was recorded. A page with ' +
      'large events may be short, and not be the last.',
    query: AuditLogQuery,
    answer: { status: 200, schema: auditLogPageShape, description: 'A page of lines, newest first.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<AuditLogQuery>(request);
    const reader = await readerOfAll(request, this.directory);
    sendAnswer(reply, await this.log.page(reader, filterOf(query), pageOf(query)), reader.organizationId);
  }

  @Endpoint({
    ...read,
    path: '/v1/audit_log/export',
    operation: 'exportAuditLog',
    summary: 'Export the audit log',
    description:
      'All lines that the filters leave, newest first, as NDJSON or CSV. It ends early where the log can no longer ' +
      'be read: a whole one was sent to its end.',
    use: 'exports',
    query: AuditLogExportQuery,
    answer: {
      status: 200,
      schema: null,
      texts: { 'application/x-ndjson': `${JSON.stringify(example)}\n`, 'text/csv': 'id,time,actor_type\r\n' },
      description: 'The lines as a file.',
    },
  })
  async export(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<AuditLogExportQuery>(request);
    const { format = 'ndjson', safe } = query;
    if (safe !== undefined && format !== 'csv')
      throw new ApiProblem('invalid_parameter', "'safe' is for CSV only.", { param: '/safe' });
    const reader = await readerOfAll(request, this.directory);
    const { organizationId } = reader;
    const { result, revision } = await this.log.all(reader, filterOf(query), auditLinesExportedAtOnce);
    void reply
      .header('Ledger-Position', `${organizationId}@${revision}`)
      .header('content-type', format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
      .header('content-disposition', `attachment; filename="audit-log.${format}"`);
    if (request.method === 'HEAD') {
      void reply.send();
      return;
    }
    const pieces = format === 'csv' ? auditLogCsv(result, safe === 'true') : auditLogNdjson(result);
    void reply.send(Readable.from(slicesOfProcess.of(organizationId, pieces), { objectMode: false }));
  }
}

/** @throws ApiProblem `invalid_parameter` */
function filterOf(query: AuditLogFilterQuery): AuditLogFilter {
  const { actor, action, target, ip } = query;
  const address = ip === undefined ? undefined : addressOf(ip);
  if (ip !== undefined && address === undefined)
    throw new ApiProblem('invalid_parameter', 'ip is an IP address.', { param: '/ip' });
  return {
    ...(actor === undefined ? {} : { actor }),
    ...(action === undefined ? {} : { action }),
    ...(target === undefined ? {} : { target }),
    ...(address === undefined ? {} : { ip: address }),
    ...windowMs(query),
  };
}
