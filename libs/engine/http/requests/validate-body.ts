import { ApiProblem } from '../problems/api-problem';
import { compileDto } from '../validation/compile';
import { isNdjson } from './api-request';
import type { ApiRequest } from './api-request';
import type { CompiledEndpoint } from './compiled-endpoint';
import { noteLines } from './request-trail';
import type { RequestTrail } from './request-trail';

/** Of an operation that declares no body: `{}`, which many clients send with every POST. */
class NoBody {}
const noBody = compileDto(NoBody);

/** Checks the body of a request against its operation. @throws ApiProblem */
export function validateBody(request: ApiRequest, endpoint: CompiledEndpoint, trail?: RequestTrail): void {
  const { body, isBodyOptional, takesNdjson, takesCsv, takesXml } = endpoint;
  if (takesNdjson && isNdjson(request)) return noteLines(trail, request);
  if (body === undefined) {
    if (takesNdjson || takesCsv || takesXml) return;
    if (request.body !== undefined && !noBody.accepts(request.body))
      throw ApiProblem.ofFields(noBody.explain(request.body));
    // For idempotency `{}` is the same request as none, and has been since before it was checked.
    request.body = undefined;
    return;
  }
  if (request.body === undefined) {
    if (!isBodyOptional) throw new ApiProblem('missing_body', 'The request needs a JSON body.');
    request.body = {};
  }
  if (!body.accepts(request.body)) throw ApiProblem.ofFields(body.explain(request.body));
}
