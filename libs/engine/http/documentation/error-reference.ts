import { refusalKinds, refusalMeanings } from '@fintech-ledger/ledger/domain';
import type { RefusalCode } from '@fintech-ledger/ledger/domain';
import { edgeProblems, statusOf, titleOf } from '../problems/problem-codes';
import type { EdgeProblemCode, ProblemCode } from '../problems/problem-codes';

export interface ErrorEntry {
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  readonly meaning: string;
}

/** Every code that the API answers, by status and name. */
export function errorReference(): readonly ErrorEntry[] {
  const edge = (Object.keys(edgeProblems) as EdgeProblemCode[]).map((code) =>
    entry(code, edgeProblems[code][1]),
  );
  const refusals = (Object.keys(refusalKinds) as RefusalCode[]).map((code) =>
    entry(code, refusalMeanings[code]),
  );
  return [...edge, ...refusals].sort((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1));
}

function entry(code: ProblemCode, meaning: string): ErrorEntry {
  return { code, status: statusOf(code), title: titleOf(code), meaning };
}
