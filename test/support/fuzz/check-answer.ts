import type { HttpAnswer, HttpRequest } from '../http-spec';
import type { Operation } from './api-operations';
import { ComponentValidators } from './component-validators';

const validators = new ComponentValidators();

/** @throws Error when an answer is not one that schemas/openapi.json has for the operation, or blames the server */
export function checkAnswer(operation: Operation, request: HttpRequest, answer: HttpAnswer): void {
  const wrong = whatIsWrong(operation, answer);
  if (wrong === undefined) return;
  const sent = JSON.stringify(request).slice(0, 3_000);
  const got = JSON.stringify(answer.json).slice(0, 2_000);
  throw new Error(`${operation.operationId}: ${wrong}\nsent ${sent}\ngot ${answer.status} ${got}`);
}

function whatIsWrong({ responses }: Operation, { status, headers, json }: HttpAnswer): string | undefined {
  if (status >= 500 && !(status === 503 && json['code'] === 'read_model_behind')) return `${status}`;
  const documented = responses[String(status)];
  if (documented === undefined) return `${status} is not documented`;
  const type = String(headers['content-type']);
  const [, content] = Object.entries(documented.content ?? {}).find(([one]) => type.startsWith(one)) ?? [];
  if (content === undefined) return `the content type ${type} is not documented for ${status}`;
  if (status >= 400) {
    if (!type.startsWith('application/problem+json')) return `the content type is ${type}`;
    if (json['status'] !== status) return 'the status of the problem is another than that of the answer';
    if (typeof json['request_id'] !== 'string' || json['request_id'] !== headers['request-id'])
      return 'its request_id';
    if (!/^[a-z0-9_]+$/.test(String(json['code']))) return 'its code is none';
  }
  const { $ref } = content.schema;
  const reason = $ref === undefined ? undefined : validators.whatIsWrong({ $ref }, json);
  return reason === undefined ? undefined : `it is not a ${$ref}: ${reason}`;
}
