import { refusalStatuses } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { edgeProblems, titleOf } from '../problems/problem-codes';

export interface ErrorEntry {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly meaning: string;
}

/** Every code that the API answers, by status and name. @throws Error a code that is declared twice */
export function errorReference(refusals: readonly DeclaredRefusal[]): readonly ErrorEntry[] {
  const entries = [
    ...Object.entries(edgeProblems).map(([code, [status, meaning]]) => entry(code, status, meaning)),
    ...refusals.map(({ code, kind, meaning }) => entry(code, refusalStatuses[kind], meaning)),
  ];
  const codes = entries.map(({ code }) => code);
  const twice = codes.filter((code, i) => codes.indexOf(code) !== i);
  if (twice.length > 0) throw new Error(`declared twice: ${twice.join(', ')}`);
  return entries.sort((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1));
}

function entry(code: string, status: number, meaning: string): ErrorEntry {
  return { code, status, title: titleOf(code), meaning };
}
