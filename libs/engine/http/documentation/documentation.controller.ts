import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiProblem } from '../problems/api-problem';
import { documentationPage } from './documentation-page';
import { errorsPage } from './errors-page';
import { OpenApiDocument } from './open-api-document';
import { swaggerAsset } from './swagger-assets';

/** Everything comes from this server: no CDN, no inline script. */
const pagePolicy =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";

@Controller()
export class DocumentationController {
  constructor(@Inject(OpenApiDocument) private readonly document: OpenApiDocument) {}

  @Get('/openapi.json')
  openApi(@Res() reply: FastifyReply): void {
    void reply.header('content-type', 'application/json; charset=utf-8').send(this.document.text());
  }

  @Get('/docs')
  page(@Res() reply: FastifyReply): void {
    sendPage(reply, documentationPage);
  }

  @Get('/docs/errors')
  errors(@Res() reply: FastifyReply): void {
    sendPage(reply, errorsPage(this.document.errors()));
  }

  @Get('/docs/assets/:file')
  async asset(@Param('file') file: string, @Res() reply: FastifyReply): Promise<void> {
    const asset = await swaggerAsset(file);
    if (asset === undefined) throw new ApiProblem('not_found', 'There is nothing at this address.');
    void reply.header('content-type', asset.contentType).send(asset.bytes);
  }
}

function sendPage(reply: FastifyReply, html: string): void {
  void reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', pagePolicy)
    .send(html);
}
