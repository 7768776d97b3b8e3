import type { ProblemFacts } from '@fintech-ledger/http';

/** What the problems of several modules say in addition. */
export function mergedProblems(all: readonly (ProblemFacts | undefined)[]): ProblemFacts {
  return {
    facts: Object.assign({}, ...all.map((one) => one?.facts)) as ProblemFacts['facts'],
    factsOfEach: Object.assign({}, ...all.map((one) => one?.factsOfEach)) as ProblemFacts['factsOfEach'],
  };
}
