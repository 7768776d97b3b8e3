import type { FastifyInstance } from 'fastify';
import { ApiProblem } from '../problems/api-problem';
import { endpointsOf } from './endpoint';

/** Answers 405 with `Allow` (RFC 9110, 15.5.6) where a path exists with other methods only. */
export function refuseOtherMethods(
  fastify: FastifyInstance,
  controllers: Parameters<typeof endpointsOf>[0],
): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of endpointsOf(controllers)) {
    const known = methods.get(path) ?? new Set<string>();
    known.add(method);
    if (method === 'GET') known.add('HEAD');
    methods.set(path, known);
  }
  const paths = [...methods].map(
    ([path, allowed]) =>
      [new RegExp(`^${path.replace(/:[A-Za-z]+/g, '[^/]+')}$`), [...allowed].join(', ')] as const,
  );
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (!request.is404) {
      done();
      return;
    }
    const path = request.url.split('?', 1)[0] ?? '';
    const Allow = paths.find(([pattern]) => pattern.test(path))?.[1];
    done(
      Allow === undefined
        ? undefined
        : new ApiProblem('method_not_allowed', `Allowed here: ${Allow}.`, { headers: { Allow } }),
    );
  });
}
