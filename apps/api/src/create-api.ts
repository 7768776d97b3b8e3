import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import type { ServerOptions } from 'node:http';
import type { ApiDeps } from './api-deps';
import { ApiModule } from './api.module';
import { requestLimitsDefault } from '@fintech-ledger/config';
import {
  Admission,
  Authenticator,
  ShareKeeper,
  registerContentTypes,
  brokenRequestHandler,
  nothingAcknowledged,
  refuseOtherMethods,
  registerRequestHooks,
  nextRequestId,
  SecurityLog,
  bodyBytesMax,
  connectionsPerAddressMax,
  headMsMax,
  limitConnections,
  noteExpectations,
  OpenBodies,
  OpenRequests,
  pathParameterLengthMax,
  ProblemFilter,
  sendProblem,
  toProblem,
  ApiProblem,
} from '@fintech-ledger/http';
import type { Modules } from '@fintech-ledger/manifest';
import { modules as all } from '../../modules';
import { MetadataValues } from '@fintech-ledger/privacy';
import { apiKeysUnder } from '@fintech-ledger/access';
import { NestLog } from './nest-log';

function admissionOf({ limits, shares }: ApiDeps, fastify: FastifyInstance): Admission {
  const admission = new Admission(limits?.organization ?? requestLimitsDefault, limits?.keyPercent ?? 100);
  const keeper = new ShareKeeper(admission, shares ?? { exchange: () => Promise.resolve([]) });
  keeper.start();
  fastify.addHook('onClose', () => keeper.stop());
  return admission;
}

/** What is kept of requests, and what their answers are opened with. */
function keptOf({ requestTrail: trail, keyUses: uses, subjectKeys, keptAnswers: kept, log }: ApiDeps) {
  return { trail, uses, metadata: new MetadataValues(subjectKeys), kept, log };
}

/**
 * The HTTP API, ready to `listen` (or `inject` into), over whatever it is given of the world. `close()` ends the open
 * event streams, gives what is under way 6 s and cuts it off then; it does not close what it was given.
 * @param modules what it consists of; absent: the product's
 */
export async function createApi(
  deps: ApiDeps,
  modules: Pick<Modules, 'api'> = all,
): Promise<NestFastifyApplication> {
  const acknowledged = nothingAcknowledged(deps);
  const keys = apiKeysUnder(deps.pepper);
  const authenticator = new Authenticator(deps.apiKeys, keys, { readsMs: deps.apiKeyReadsMs });
  const open = new OpenRequests(deps.log);
  const security = new SecurityLog(deps.log, (token) => keys.idOf(token));
  const options: FastifyServerOptions & { http: ServerOptions; skipMiddie: true } = {
    bodyLimit: bodyBytesMax,
    genReqId: nextRequestId,
    requestIdHeader: false,
    // Node would answer what has no Host without a body; it is for strangeHead.
    http: { headersTimeout: headMsMax, connectionsCheckingInterval: 1_000, requireHostHeader: false },
    skipMiddie: true,
    // Our own answer says it as a problem, see OpenRequests.
    return503OnClosing: false,
    routerOptions: { maxParamLength: pathParameterLengthMax },
    clientErrorHandler: brokenRequestHandler(open),
    frameworkErrors: (error, request, reply) => {
      const problem = toProblem(error) ?? new ApiProblem('malformed_url', 'The URL is not well-formed.');
      // No hook sees these.
      open.broken(request.id, problem.status, problem.code, request.method);
      sendProblem(reply, problem);
    },
  };
  const adapter = new FastifyAdapter(options);
  const fastify: FastifyInstance = adapter.getInstance();
  registerContentTypes(fastify);
  new OpenBodies().watch(fastify);
  limitConnections(fastify.server, connectionsPerAddressMax);
  noteExpectations(fastify.server);
  open.watch(fastify);
  const admission = admissionOf(deps, fastify);
  registerRequestHooks(fastify, {
    authenticator,
    security,
    admission,
    open,
    ...keptOf(deps),
  });
  const parts = await modules.api();
  refuseOtherMethods(fastify, parts.controllers);
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.of(deps, acknowledged, { authenticator, security }, parts),
    adapter,
    {
      bodyParser: false,
      logger: new NestLog(deps.log),
      abortOnError: false,
    },
  );
  app.useGlobalFilters(new ProblemFilter(deps.log));
  await app.init();
  await fastify.ready();
  return app;
}
