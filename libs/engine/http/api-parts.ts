import type { Provider, Type } from '@nestjs/common';

/** What the API's process composes of a module. */
export interface ApiParts {
  /** Their operations are the module's part of the document, in this order. */
  readonly controllers: readonly Type<object>[];
  /** Handlers of commands and queries, and what they need besides the ports that are provided to everybody. */
  readonly providers: readonly Provider[];
}
