import { HttpCode, RequestMapping, RequestMethod, applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { Scope } from '@fintech-ledger/access';
import type { DtoClass } from '../validation/decorators';
import { compileEndpoint } from './compiled-endpoint';
import type { CompiledEndpoint } from './compiled-endpoint';

export type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** An operation of the API: what is served, checked and documented, all from this one description. */
export interface EndpointOptions {
  readonly method: HttpMethod;
  /** With `:name` for parameters. */
  readonly path: string;
  /** The operation's id in the OpenAPI document. */
  readonly operation: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** What the API key must be allowed; null: anybody may. */
  readonly scope: Scope | null;
  /** `command`: takes `dry_run` and an Idempotency-Key. `read`: takes Ledger-Min-Position. */
  readonly kind: 'command' | 'read' | 'plain';
  readonly body?: DtoClass;
  /** The body may be left out; then it is `{}`. */
  readonly isBodyOptional?: boolean;
  readonly query?: DtoClass;
  /** Besides JSON the body may be NDJSON, which the handler reads itself. */
  readonly takesNdjson?: boolean;
  /** The body is a file of one of these types, of any length, which the handler reads itself. */
  readonly takesFiles?: readonly ('application/x-ndjson' | 'text/csv')[];
  readonly answer: {
    readonly status: number;
    /** The name of a schema (see openapi/answer-schemas.ts), or null for something that is not JSON. */
    readonly schema: string | null;
    readonly contentType?: string;
    readonly description: string;
  };
  /** An example of the body. */
  readonly example?: object;
  /** Refusals worth naming in the documentation. */
  readonly refusals?: readonly string[];
}

const endpointKey = Symbol('endpoint');

/** Declares a controller's method an operation: routes it, and gives the request hooks what they need to check it. */
export function Endpoint(options: EndpointOptions): MethodDecorator {
  return applyDecorators(
    RequestMapping({ path: options.path, method: RequestMethod[options.method] }),
    HttpCode(options.answer.status),
    RouteConfig({ endpoint: compileEndpoint(options) }),
    (_target: object, _name: string | symbol, descriptor: PropertyDescriptor) => {
      Reflect.defineMetadata(endpointKey, options, descriptor.value as object);
    },
  );
}

/** All operations of these controllers, in the order in which they are written. */
export function endpointsOf(
  controllers: readonly { readonly prototype: object }[],
): readonly EndpointOptions[] {
  return controllers.flatMap(({ prototype }) =>
    Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
      const options: unknown =
        typeof method === 'function' ? Reflect.getMetadata(endpointKey, method) : undefined;
      return options === undefined ? [] : [options as EndpointOptions];
    }),
  );
}

declare module 'fastify' {
  interface FastifyContextConfig {
    endpoint?: CompiledEndpoint;
  }
}
