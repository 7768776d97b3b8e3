import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { as, list, named, object, oneOf, optional, text, whole } from '@fintech-ledger/shapes';
import type { Members, ViewOf } from '@fintech-ledger/shapes';
import { edgeProblems } from './problem-codes';

/** What problems of modules say besides what all have. */
export interface ProblemFacts {
  /** Further members of problems. */
  readonly facts: Members;
  /** Further members of each of several things that are wrong. */
  readonly factsOfEach: Members;
}

/** What the modules refuse. */
export interface DeclaredProblems extends ProblemFacts {
  readonly refusals: readonly DeclaredRefusal[];
}

/** Every code that the API answers. */
export function problemCodeShape({ refusals }: Pick<DeclaredProblems, 'refusals'>) {
  const codes = [...new Set([...Object.keys(edgeProblems), ...refusals.map(({ code }) => code)])].sort();
  return named(
    'ProblemCode',
    'What is wrong, for programs. The error reference has the meaning of each.',
    oneOf('What is wrong, for programs.', codes, 'ledger_not_found'),
  );
}

export function problemShape(declared: DeclaredProblems) {
  const code = as(problemCodeShape(declared), 'What is wrong, for programs.');
  const param = optional(text('A JSON pointer (RFC 6901) to what is to blame.', '/entries/0/account'));
  const detail = text('A sentence for a person.', 'there is no ledger led_1');
  return named(
    'Problem',
    'RFC 9457. Which further members there are depends on the code.',
    object({
      type: text('Where the code is explained.', '/docs/errors#ledger_not_found', {
        format: 'uri-reference',
      }),
      title: text('A short title, always the same for a code.', 'Ledger not found'),
      status: whole('The HTTP status.', 404),
      detail,
      code,
      param,
      request_id: text(
        'The id of the request, as in the header `Request-Id`; the log has it. ' +
          'With `Idempotency-Replayed` it is that of the first request.',
        'req_1',
      ),
      errors: optional(
        list(
          object({ code, detail, param, ...declared.factsOfEach }),
          'Where several things are wrong: the first of them.',
        ),
      ),
      missing_scope: optional(text('`missing_scope`: the scope that the API key lacks.', 'ledger:write')),
      limit: optional(text('`too_many_requests`: the limit, as in `RateLimit-Policy`.', 'posts.concurrency')),
      position: optional(
        text(
          '`answer_unavailable`: where the command was booked. ' +
            '`outcome_unknown`, of a bulk that stopped between its parts: up to where it was booked.',
          'led_1@42',
        ),
      ),
      index: optional(whole('Of a command of many that are done all or none: which was refused, from 0.', 3)),
      ...declared.facts,
    }),
  );
}
export type ProblemView = ViewOf<ReturnType<typeof problemShape>>;
