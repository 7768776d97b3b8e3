import { refusalFacts } from '@fintech-ledger/projection-runtime';
import { columnInFile, importShape, lineInFile } from '@fintech-ledger/books/formats';
import { refusalKinds } from '@fintech-ledger/ledger/domain';
import { as, list, named, object, oneOf, optional, text, whole } from '@fintech-ledger/shapes';
import type { ViewOf } from '@fintech-ledger/shapes';
import { edgeProblems } from './problem-codes';
import type { ProblemCode } from './problem-codes';

const codes = [...new Set([...Object.keys(edgeProblems), ...Object.keys(refusalKinds)])].sort();

/** Every code that the API answers. */
export const problemCodeShape = named(
  'ProblemCode',
  'What is wrong, for programs. The error reference has the meaning of each.',
  oneOf('What is wrong, for programs.', codes as ProblemCode[], 'ledger_not_found'),
);

const code = as(problemCodeShape, 'What is wrong, for programs.');
const param = optional(text('A JSON pointer (RFC 6901) to what is to blame.', '/entries/0/account'));
const detail = text('A sentence for a person.', 'there is no ledger led_1');

/** What problems may have besides what RFC 9457 and the API have for all; which ones depends on the code. */
const facts = {
  ...refusalFacts,
  missing_scope: optional(text('`missing_scope`: the scope that the API key lacks.', 'ledger:write')),
  position: optional(
    text(
      '`answer_unavailable`: where the command was booked. ' +
        '`outcome_unknown`, of a bulk that stopped between its parts: up to where it was booked.',
      'led_1@42',
    ),
  ),
  line: lineInFile,
  column: columnInFile,
  import: optional(as(importShape, '`nothing_imported`: what the import did all the same.')),
} as const;

export const problemShape = named(
  'Problem',
  'RFC 9457. Which further members there are depends on the code.',
  object({
    type: text('Where the code is explained.', '/docs/errors#ledger_not_found', { format: 'uri-reference' }),
    title: text('A short title, always the same for a code.', 'Ledger not found'),
    status: whole('The HTTP status.', 404),
    detail,
    code,
    param,
    request_id: text('The id of the request, as in the header `Request-Id`; the log has it.', 'req_1'),
    errors: optional(
      list(
        object({ code, detail, param, line: lineInFile, column: columnInFile }),
        'Where several things are wrong: the first of them.',
      ),
    ),
    ...facts,
  }),
);
export type ProblemView = ViewOf<typeof problemShape>;
