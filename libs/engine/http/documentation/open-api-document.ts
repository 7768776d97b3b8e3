import { endpointsOf } from '../requests/endpoint';
import { buildDocument } from '../openapi/build-document';
import { apiVersion } from '../version';

type Controller = Parameters<typeof endpointsOf>[0][number];

/** The OpenAPI document of these controllers: indented JSON that ends with a newline. */
export function openApiText(controllers: readonly Controller[]): string {
  return `${JSON.stringify(buildDocument(endpointsOf(controllers), apiVersion), null, 2)}\n`;
}

/** The document of the controllers that are served, built when it is first asked for. */
export class OpenApiDocument {
  private built: string | undefined;

  constructor(private readonly controllers: readonly Controller[]) {}

  text(): string {
    this.built ??= openApiText(this.controllers);
    return this.built;
  }
}
