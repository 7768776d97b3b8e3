import { ApiProblem, slicesOfProcess } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { statementBytesMax } from '../camt053/limits';
import { Camt053Reader } from '../camt053/read-camt053';
import type { ReadStatement } from '../camt053/read-camt053';
import { StatementProblem } from '../camt053/statement-problem';

/** What is read and thrown away of a file that is refused, so that its client hears why. */
const discardedBytesMax = 16 * statementBytesMax;

export interface ReadFile {
  readonly statements: readonly ReadStatement[];
  /** SHA-256 (hex) of its bytes. */
  readonly digest: string;
}

/**
 * The statements of a request's body, read as it comes.
 * @throws ApiProblem `missing_body`, `unsupported_media_type`, `body_too_large`, or why the file is no statement
 */
export async function readStatements(request: ApiRequest, organizationId: string): Promise<ReadFile> {
  const body: unknown = request.body;
  if (!(body instanceof Readable)) {
    if (request.headers['content-type'] === undefined)
      throw new ApiProblem('missing_body', 'The request needs a body.');
    throw new ApiProblem('unsupported_media_type', 'The body must be application/xml.');
  }
  const reader = new Camt053Reader();
  const digest = createHash('sha256');
  let bytes = 0;
  let problem: ApiProblem | undefined;
  for await (const piece of body as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > statementBytesMax) problem ??= tooLarge();
    if (bytes > discardedBytesMax) break;
    if (problem !== undefined) continue;
    digest.update(piece);
    problem = problemOf(() => reader.write(piece));
    await slicesOfProcess.next(organizationId);
  }
  if (bytes === 0) throw new ApiProblem('missing_body', 'The request needs a body.');
  let statements: readonly ReadStatement[] = [];
  problem ??= problemOf(() => {
    statements = reader.close();
  });
  if (problem !== undefined) throw problem;
  return { statements, digest: digest.digest('hex') };
}

const tooLarge = (): ApiProblem =>
  new ApiProblem('body_too_large', `A file has at most ${statementBytesMax} bytes: split it by statement.`);

function problemOf(work: () => void): ApiProblem | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof StatementProblem) return asProblem(error);
    throw error;
  }
}

function asProblem({ at, message, place, refusal }: StatementProblem): ApiProblem {
  const detail = at === undefined ? message : `${message} It is at column ${at.column} of line ${at.line}.`;
  return new ApiProblem(refusal, detail, {
    ...(place !== undefined && { param: place }),
    ...(at !== undefined && { members: { line: at.line } }),
  });
}
