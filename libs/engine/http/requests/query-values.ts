import { isStorable } from '@fintech-ledger/contract';
import { isUtf8 } from 'node:buffer';
import { ApiProblem } from '../problems/api-problem';
import type { FieldProblem } from '../problems/api-problem';

/** What a URL asks for has to be UTF-8, as bodies have to. @throws ApiProblem `invalid_string` */
export function refuseBrokenQuery(url: string): void {
  const query = url.slice(url.indexOf('?') + 1);
  // ASCII without escapes is.
  if (!/[%\u0080-\uffff]/.test(query)) return;
  const bytes = query.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  if (isUtf8(Buffer.from(bytes, 'latin1'))) return;
  throw new ApiProblem('invalid_string', 'The query of the URL is not UTF-8.');
}

/** `metadata[k]=v` becomes `metadata: {k: v}`. @throws ApiProblem for what appears twice, or can't be stored */
export function gather(raw: Readonly<Record<string, string | readonly string[]>>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const metadata: [string, string][] = [];
  for (const [name, value] of Object.entries(raw)) {
    const param = `/${name.slice(0, 100)}`;
    if (typeof value !== 'string') {
      throw new ApiProblem('duplicate_parameter', `The parameter '${param.slice(1)}' was given twice.`, {
        param,
      });
    }
    const isNameBroken = !isStorable(name);
    if (isNameBroken || !isStorable(value)) {
      const detail = 'A query parameter holds U+0000 or half of a surrogate pair.';
      // Such a name is not repeated: many clients can't read it.
      throw new ApiProblem('invalid_string', detail, isNameBroken ? {} : { param });
    }
    const key = /^metadata\[(.*)\]$/.exec(name)?.[1];
    if (key === undefined) Object.defineProperty(values, name, { value, enumerable: true });
    else metadata.push([key, value]);
  }
  if (metadata.length === 0) return values;
  if (Object.hasOwn(values, 'metadata')) {
    throw new ApiProblem('duplicate_parameter', "'metadata' was given both alone and with a key.", {
      param: '/metadata',
    });
  }
  values['metadata'] = Object.fromEntries(metadata);
  return values;
}

/** A problem of a field as one of a parameter. */
export function asParameter(problem: FieldProblem): FieldProblem {
  if (problem.code === 'unknown_field') {
    const detail = `There is no query parameter '${problem.param.slice(1)}' here.`;
    return { code: 'unknown_parameter', detail, param: problem.param };
  }
  if (problem.code === 'missing_field') {
    const detail = `The query parameter '${problem.param.slice(1)}' is missing.`;
    return { code: 'invalid_parameter', detail, param: problem.param };
  }
  return problem.code === 'invalid_value' ? { ...problem, code: 'invalid_parameter' } : problem;
}
