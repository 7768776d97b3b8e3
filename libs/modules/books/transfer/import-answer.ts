import { ImportRefused, importRefusals, nothingImported } from '@fintech-ledger/books/formats';
import type { ImportSummary, Progress } from '@fintech-ledger/books/formats';
import { ApiProblem, toProblem } from '@fintech-ledger/http';

/** A problem with what is special about an import: where in the file it is, and what was imported all the same. */
export interface ImportAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: object;
  /** The ledger's last position, where anything may have been written. */
  readonly position?: string;
  /** It is the first answer of its idempotency key again. */
  readonly isReplayed?: true;
}

/** A summary is answered as it is, but as a problem when nothing at all was imported because of errors. */
export function answerOf(summary: ImportSummary, requestId: string): ImportAnswer {
  const { position } = summary;
  const { imported, skipped } = summary.transactions;
  const [first] = summary.errors;
  if (first === undefined || imported + skipped > 0) {
    return { status: 200, contentType: 'application/json; charset=utf-8', body: summary, position };
  }
  const problem = new ApiProblem(nothingImported, `Nothing was imported: ${first.detail}.`);
  const { errors } = summary;
  const more = { line: first.line, column: first.column, errors, import: summary };
  return { ...problemAnswer(problem, requestId, more), position };
}

/** Undefined: a bug of ours. */
export function answerOfError(error: unknown, requestId: string): ImportAnswer | undefined {
  if (error instanceof ImportRefused) {
    const { code, detail, line, column } = error.problem;
    return problemAnswer(ApiProblem.ofRefusal({ code, detail: `${detail}.` }, importRefusals), requestId, {
      line,
      column,
    });
  }
  const problem = toProblem(error);
  return problem === undefined ? undefined : problemAnswer(problem, requestId, {});
}

export function progressLine({ done, total, transactions, rate, etaSeconds }: Progress): object {
  return {
    object: 'import_progress',
    bytes_done: done,
    bytes_total: total,
    transactions,
    rate,
    eta_seconds: etaSeconds,
  };
}

function problemAnswer(problem: ApiProblem, requestId: string, more: object): ImportAnswer {
  return {
    status: problem.status,
    contentType: 'application/problem+json; charset=utf-8',
    body: { ...problem.body(requestId), ...more },
  };
}
