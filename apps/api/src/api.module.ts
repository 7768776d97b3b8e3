import { Module, type DynamicModule } from '@nestjs/common';
import { eventStorePort, type Acknowledged } from '@fintech-ledger/application';
import { ApplicationModule } from '../../../libs/application/src/application.module';
import { apiLogPort, type ApiDeps } from './api-deps';
import { Authenticator } from './authentication/authenticator';
import { contractControllers } from './controllers';
import { DocumentationController } from './documentation/documentation.controller';
import { OpenApiDocument } from './documentation/open-api-document';
import { EventStreams } from './history/event-streams';
import { PortsModule } from './ports.module';
import { ImportExportModule } from './transfer-of-books/import-export.module';

@Module({})
export class ApiModule {
  static of(deps: ApiDeps, acknowledged: Acknowledged, authenticator: Authenticator): DynamicModule {
    return {
      module: ApiModule,
      imports: [PortsModule.of(deps, acknowledged, authenticator), ApplicationModule, ImportExportModule],
      controllers: [...contractControllers, DocumentationController],
      providers: [
        { provide: OpenApiDocument, useValue: new OpenApiDocument(contractControllers) },
        {
          provide: EventStreams,
          inject: [eventStorePort, apiLogPort],
          useFactory: (...ports: ConstructorParameters<typeof EventStreams>) => new EventStreams(...ports),
        },
      ],
    };
  }
}
