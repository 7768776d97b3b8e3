import type { Provider, Type } from '@nestjs/common';
import type { ProblemFacts } from './problems/problem-shape';

/** What the API's process composes of a module. */
export interface ApiParts {
  /** Their operations are the module's part of the document, in this order. */
  readonly controllers: readonly Type<object>[];
  /** What its problems say besides what all have. */
  readonly problems?: ProblemFacts;
  /** Handlers of commands and queries, and what they need besides the ports that are provided to everybody. */
  readonly providers: readonly Provider[];
}
