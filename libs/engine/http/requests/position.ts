import type { AsOf, At, OrganizationReader, Reader } from '@fintech-ledger/projection-runtime';
import type { FastifyReply } from 'fastify';
import { parseTime } from '@fintech-ledger/contract';
import { ApiProblem } from '../problems/api-problem';
import { positionPattern } from '../validation/query-rules';
import { isExpensive, pathParameter, principalOf } from './api-request';
import type { ApiRequest } from './api-request';
import { withLivemode } from './livemode';

interface Position {
  readonly owner: string;
  readonly revision: number;
}

/** The revision of a position `<owner>@<revision>`; none where it is not one of this owner. */
export function revisionOfOwner(text: string | undefined, owner: string): number | undefined {
  const [, positionOwner, revision] = positionPattern.exec(text ?? '') ?? [];
  return positionOwner === owner ? Number(revision) : undefined;
}

/** The same. @throws ApiProblem `invalid_position` for another owner's */
function revisionOf(text: string, owner: string, param: string): number {
  const revision = revisionOfOwner(text, owner);
  if (revision === undefined)
    throw new ApiProblem('invalid_position', `'${text.slice(0, 100)}' is not a position of ${owner}.`, {
      param,
    });
  return revision;
}

/** The same reader; a position as of which he asks must have been reached, or the answer would be as of an earlier one. */
export function readerAsOf<R extends OrganizationReader>(reader: R, asOf: AsOf | undefined): R {
  if (asOf === undefined || !('revision' in asOf)) return reader;
  return { ...reader, minRevision: Math.max(asOf.revision, reader.minRevision ?? -1) };
}

/**
 * Who reads a ledger, and from which position on.
 * @param ledgerId absent: the one in the path
 * @throws ApiProblem `invalid_position`
 */
export function readerOf(request: ApiRequest, ledgerId = pathParameter(request, 'ledger')): Reader {
  const { position } = minPositionOf(request);
  const reader = organizationReaderOf(request, ledgerId);
  const isOfOrganization = position?.owner === reader.organizationId;
  return {
    ...reader,
    ledgerId,
    ...(isOfOrganization ? { minOrganizationRevision: position.revision } : {}),
    ...(isExpensive(request) ? { isExpensive: true } : {}),
  };
}

/**
 * The same for what belongs to the organization itself. Clients pass on the last position that they got, whatever it
 * was of: one of another owner says nothing of what is read, and is passed over.
 * @param owner of what is read; absent: the organization
 * @throws ApiProblem `invalid_position`
 */
export function organizationReaderOf(request: ApiRequest, owner?: string): OrganizationReader {
  const { organizationId } = principalOf(request);
  const { position, isEventual } = minPositionOf(request);
  if (position?.owner === (owner ?? organizationId))
    return { organizationId, minRevision: position.revision };
  return isEventual ? { organizationId, isEventual } : { organizationId };
}

/** Who reads an organization with all of its ledgers. */
export interface ReaderOfAll {
  readonly organizationId: string;
  readonly isEventual: boolean;
  readonly minPosition?: Position;
}

/**
 * The same for what is read of an organization and of all its ledgers: a position of any of them is waited for.
 * @throws ApiProblem `invalid_position`
 */
export async function readerOfAll(
  request: ApiRequest,
  ledgers: { belongs(organizationId: string, ledgerId: string): Promise<boolean> },
): Promise<ReaderOfAll> {
  const { organizationId } = principalOf(request);
  const { position, isEventual } = minPositionOf(request);
  const reader = { organizationId, isEventual };
  if (position === undefined) return reader;
  const { owner } = position;
  const isOwn = owner === organizationId || (await ledgers.belongs(organizationId, owner));
  return isOwn ? { ...reader, minPosition: position } : reader;
}

/** The position that is waited for, whoever's it is. @throws ApiProblem `invalid_position` */
function minPositionOf({ headers }: ApiRequest): {
  readonly position?: Position;
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
  return { revision: revisionOf(query.as_of, ledgerId, '/as_of') };
}

/**
 * Answers a query, with the position that it was read at.
 * @param owner the ledger or organization whose position it is
 */
export function sendAnswer(reply: FastifyReply, { result, revision }: At<object>, owner: string): void {
  void reply.header('Ledger-Position', `${owner}@${revision}`);
  sendJson(reply, result);
}

export function sendJson(reply: FastifyReply, value: object): void {
  const answer = withLivemode(reply.request as ApiRequest, value);
  void reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(answer));
}
