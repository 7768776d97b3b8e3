import type { DeclaredRefusal } from '@fintech-ledger/contract';
import type { At } from './queries';
import { refusedQuery } from './refused';

/** The answer without its null. @throws Refused when it is null */
export function found<T>(answer: At<T | null>, refusal: DeclaredRefusal, detail: string): At<T> {
  if (answer.result === null) throw refusedQuery(refusal, detail);
  return { result: answer.result, revision: answer.revision };
}
