import { ReadModelBehind } from '@fintech-ledger/projection-runtime';
import type { AsOf, At, OrganizationReader, Reader } from '@fintech-ledger/projection-runtime';
import type { FastifyReply } from 'fastify';
import { parseTime } from '@fintech-ledger/contract';
import { ApiProblem } from '../problems/api-problem';
import { positionPattern } from '../validation/query-rules';
import { isExpensive, pathParameter, principalOf } from './api-request';
import type { ApiRequest } from './api-request';
import { withLivemode } from './livemode';

/** The revision of a position `<owner>@<revision>`. @param header what the problem begins with, where no parameter names it @throws ApiProblem `invalid_position` for another owner's */
export function parsePosition(text: string, owner: string, param?: string, header = ''): number {
  const [, positionOwner, revision] = positionPattern.exec(text) ?? [];
  if (positionOwner !== owner || revision === undefined) {
    const detail = `${header}'${text.slice(0, 100)}' is not a position of ${owner}.`;
    throw new ApiProblem('invalid_position', detail, param === undefined ? {} : { param });
  }
  return Number(revision);
}

/** The same reader; a position as of which he asks must have been reached, or the answer would be as of an earlier one. */
export function readerAsOf<R extends OrganizationReader>(reader: R, asOf: AsOf | undefined): R {
  if (asOf === undefined || !('revision' in asOf)) return reader;
  return { ...reader, minRevision: Math.max(asOf.revision, reader.minRevision ?? -1) };
}

/** Who reads the ledger in the path, and from which position on. */
export function readerOf(request: ApiRequest): Reader {
  const ledgerId = pathParameter(request, 'ledger');
  const reader = { ...organizationReaderOf(request, ledgerId), ledgerId };
  return isExpensive(request) ? { ...reader, isExpensive: true } : reader;
}

/** The same for what belongs to the organization itself. */
export function organizationReaderOf(request: ApiRequest, owner?: string): OrganizationReader {
  const { organizationId } = principalOf(request);
  const position = request.headers['ledger-min-position'];
  if (position === undefined) {
    return request.headers['ledger-consistency'] === undefined
      ? { organizationId }
      : { organizationId, isEventual: true };
  }
  const text = Array.isArray(position) ? position.join(', ') : position;
  const revision = parsePosition(
    text,
    owner ?? organizationId,
    '/Ledger-Min-Position',
    'Ledger-Min-Position: ',
  );
  return { organizationId, minRevision: revision };
}

/** The position that is waited for, whoever's it is. @throws ApiProblem `invalid_position` */
export function minPositionOf({ headers }: ApiRequest): {
  readonly position?: { readonly owner: string; readonly revision: number };
  readonly isEventual: boolean;
} {
  const given = headers['ledger-min-position'];
  const isEventual = headers['ledger-consistency'] !== undefined;
  if (given === undefined) return { isEventual };
  const text = Array.isArray(given) ? given.join(', ') : given;
  const [, owner, revision] = positionPattern.exec(text) ?? [];
  if (owner !== undefined) return { position: { owner, revision: Number(revision) }, isEventual };
  const detail = `Ledger-Min-Position: '${text.slice(0, 100)}' is not a position.`;
  throw new ApiProblem('invalid_position', detail, { param: '/Ledger-Min-Position' });
}

/** `?as_of=<time or position>&axis=`; a time is on the effective axis unless told otherwise. @throws ApiProblem */
export function asOfQuery(
  query: { readonly as_of?: string; readonly axis?: 'effective' | 'recorded' },
  ledgerId: string,
): AsOf | undefined {
  if (query.as_of === undefined) {
    if (query.axis === undefined) return undefined;
    throw new ApiProblem('invalid_parameter', '`axis` goes with `as_of`.', { param: '/axis' });
  }
  const time = parseTime(query.as_of);
  if (time !== undefined) return { time, axis: query.axis ?? 'effective' };
  if (query.axis === 'effective') {
    throw new ApiProblem('invalid_parameter', 'A position is on the recorded axis.', { param: '/axis' });
  }
  return { revision: parsePosition(query.as_of, ledgerId, '/as_of') };
}

/**
 * Answers a query, with the position that it was read at.
 * @param owner the ledger or organization whose position it is
 */
export function sendAnswer(reply: FastifyReply, { result, revision }: At<object>, owner: string): void {
  void reply.header('Ledger-Position', `${owner}@${revision}`);
  sendJson(reply, result);
}

/**
 * Who asks a writer of the organization. Positions of ledgers are passed on as clients pass on the last one that they
 * got; nothing of a ledger is read then.
 * @throws ApiProblem `invalid_position`
 */
export function currentReaderOf(request: ApiRequest): OrganizationReader {
  const { organizationId } = principalOf(request);
  const { position } = minPositionOf(request);
  return position?.owner === organizationId
    ? { organizationId, minRevision: position.revision }
    : { organizationId };
}

/**
 * Answers what a writer was asked, which knows all that was ever acknowledged of the organization.
 * @throws ReadModelBehind the reader asks for a later position
 */
export function sendCurrent(
  reply: FastifyReply,
  answer: At<object>,
  { organizationId, minRevision = -1 }: OrganizationReader,
): void {
  if (minRevision > answer.revision)
    throw new ReadModelBehind(1, `The organization has not reached ${organizationId}@${minRevision} yet.`);
  sendAnswer(reply, answer, organizationId);
}

export function sendJson(reply: FastifyReply, value: object): void {
  const answer = withLivemode(reply.request as ApiRequest, value);
  void reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(answer));
}
