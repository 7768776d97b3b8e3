import { ApiProblem } from '../problems/api-problem';
import type { PathParameter } from './path-parameter';

/** Checks the parameters of a path. @throws ApiProblem */
export function validatePath(
  params: Readonly<Record<string, string>>,
  parameters: readonly PathParameter[],
): void {
  for (const { name, accepts, refusal, detail } of parameters) {
    if (accepts(params[name] ?? '')) continue;
    // What has another form than an id is only not there; another text is wrong in itself.
    throw new ApiProblem(refusal, detail, refusal.kind === 'malformed' ? { param: `/${name}` } : {});
  }
}

/** The names in a path. */
export function namesIn(path: string): readonly string[] {
  return [...path.matchAll(/:([A-Za-z]+)/g)].map(([, name = '']) => name);
}
