import { endpointsOf } from '../requests/endpoint';
import { buildDocument } from '../openapi/build-document';
import type { DeclaredProblems } from '../problems/problem-shape';
import { apiVersion } from '../version';
import { errorReference } from './error-reference';
import type { ErrorEntry } from './error-reference';

type Controller = Parameters<typeof endpointsOf>[0][number];

/** The OpenAPI document of these controllers: indented JSON that ends with a newline. */
export function openApiText(controllers: readonly Controller[], declared: DeclaredProblems): string {
  const document = buildDocument(endpointsOf(controllers), declared, apiVersion);
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The document of the controllers that are served, built when it is first asked for. */
export class OpenApiDocument {
  private built: string | undefined;

  constructor(
    private readonly controllers: readonly Controller[],
    private readonly declared: DeclaredProblems,
  ) {}

  text(): string {
    this.built ??= openApiText(this.controllers, this.declared);
    return this.built;
  }

  errors(): readonly ErrorEntry[] {
    return errorReference(this.declared.refusals);
  }
}
