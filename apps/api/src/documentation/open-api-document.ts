import { endpointsOf } from '../http/endpoint';
import { buildDocument } from '../openapi/build-document';

type Controller = Parameters<typeof endpointsOf>[0][number];

/** The OpenAPI document of the controllers that are served, built when it is first asked for. */
export class OpenApiDocument {
  private built: string | undefined;

  constructor(
    private readonly controllers: readonly Controller[],
    private readonly version: string,
  ) {}

  /** Indented JSON that ends with a newline, as in schemas/openapi.json. */
  text(): string {
    this.built ??= `${JSON.stringify(buildDocument(endpointsOf(this.controllers), this.version), null, 2)}\n`;
    return this.built;
  }
}
