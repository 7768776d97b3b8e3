import { HttpCode, RequestMapping, RequestMethod, applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { compileEndpoint } from './compiled-endpoint';
import type { CompiledEndpoint } from './compiled-endpoint';
import type { EndpointOptions } from './endpoint-options';

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
