import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ApiLog } from '../api-ports';
import type { ApiRequest } from '../requests/api-request';
import { traceFacts } from '../requests/request-trace';
import { ApiProblem } from './api-problem';
import { sendProblem } from './send-problem';
import { toProblem } from './to-problem';

/** Answers whatever was thrown: a known problem as it is, a bug with 500 and a line in the log that its `request_id` finds. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: ApiLog) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = toProblem(error);
    if (problem === undefined) {
      const request = reply.request as ApiRequest;
      const { id, method, url } = request;
      const facts = { err: error, request_id: id, ...traceFacts(request), method, url };
      this.log.error(facts, 'bug while serving a request');
    }
    if (reply.sent) return;
    sendProblem(reply, problem ?? new ApiProblem('internal_error', 'A bug of ours; it was logged.'));
  }
}
