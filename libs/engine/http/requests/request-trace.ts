import { spans, traceIdOf } from '@fintech-ledger/telemetry';
import type { FastifyReply } from 'fastify';
import { traceOf } from './api-request';
import type { ApiRequest } from './api-request';

const ledgerIdPattern = /^led_[0-9A-Z]{26}$/;

/** Makes a span of a request to an operation that needs an API key: probes and pages of documentation would only hide the rest. */
export function startRequestSpan(request: ApiRequest, reply: FastifyReply): void {
  const { endpoint, headers } = request;
  if (endpoint === null || endpoint.scope === null) return;
  const { traceparent, tracestate } = headers;
  const parent =
    typeof traceparent === 'string'
      ? { traceparent, ...(typeof tracestate === 'string' ? { tracestate } : {}) }
      : undefined;
  const span = spans.request(request.method, endpoint.route, parent);
  if (span === undefined) return;
  request.trace = span.context;
  // Comes once, also when the client has left before its answer.
  reply.raw.once('close', () => {
    const { statusCode, headersSent } = reply.raw;
    const { ledger } = request.params as { readonly ledger?: string };
    const attributes = {
      ...(headersSent ? { 'http.response.status_code': statusCode } : {}),
      ...(ledger !== undefined && ledgerIdPattern.test(ledger) ? { 'ledger.id': ledger } : {}),
    };
    if (!headersSent) span.fail('client_left', attributes);
    else if (statusCode >= 500) span.fail(String(statusCode), attributes);
    else span.end(attributes);
  });
}

/** What a line of the log says of the trace that a request belongs to. */
export function traceFacts(request: ApiRequest): { readonly trace_id?: string } {
  const traceId = traceIdOf(traceOf(request).traceparent);
  return traceId === undefined ? {} : { trace_id: traceId };
}
