import { lineRefusals } from '@fintech-ledger/books/formats';
import { modules } from '../apps/modules';
import { edgeProblems } from '../libs/engine/http/problems/problem-codes';
import { apiOperations, codesOf } from './support/fuzz/api-operations';

// What the rules make and the lists of operations fit by their types (CodeOf, RefusalOf); `npm run style` finds a refusal that no rule makes,
// and provoked-refusals.e2e.spec one that an operation lists and never answers.
const all = new Set(apiOperations.flatMap(codesOf));

describe('schemas/openapi.json', () => {
  it.each(apiOperations)('lists problems of $operationId', (operation) => {
    expect(codesOf(operation).length).toBeGreaterThan(0);
  });

  it('has every problem of the edge', () => {
    // Before an operation is known, or by a bug in any.
    const ofNone = ['method_not_allowed', 'request_timeout', 'expectation_failed', 'internal_error'];
    expect(Object.keys(edgeProblems).filter((code) => !all.has(code) && !ofNone.includes(code))).toEqual([]);
  });

  it('has every refusal that a client can bring about', () => {
    // An organization and its first API key come from `ledgerctl`; the id of an API key is random. What is wrong with a line of a file is in `errors`.
    const ofNone = ['organization_exists', 'organization_not_found', 'api_key_exists'];
    const ofLines = new Set<string>(lineRefusals.map(({ code }) => code));
    const codes = modules.refusals.map(({ code }) => code);
    expect(codes.filter((code) => !all.has(code) && !ofNone.includes(code) && !ofLines.has(code))).toEqual(
      [],
    );
  });
});
