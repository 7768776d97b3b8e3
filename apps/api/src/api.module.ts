import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { DocumentationController, OpenApiDocument } from '@fintech-ledger/http';
import type { Acknowledged } from '@fintech-ledger/http';
import type { ApiDeps } from './api-deps';
import type { Modules } from '@fintech-ledger/manifest';
import { PortsModule } from './ports.module';
import type { Guards } from './ports.module';

/** Everything that answers requests, over the ports. */
@Module({})
export class ApiModule {
  static of(
    deps: ApiDeps,
    acknowledged: Acknowledged,
    guards: Guards,
    { controllers, providers, problems }: Awaited<ReturnType<Modules['api']>>,
  ): DynamicModule {
    return {
      module: ApiModule,
      imports: [CqrsModule.forRoot(), PortsModule.of(deps, acknowledged, guards)],
      controllers: [...controllers, DocumentationController],
      providers: [
        ...providers,
        { provide: OpenApiDocument, useValue: new OpenApiDocument(controllers, problems) },
      ],
    };
  }
}
