import { Module, type DynamicModule } from '@nestjs/common';
import { eventStorePort, type Acknowledged } from '@fintech-ledger/projection-runtime';
import { ApplicationModule } from './application.module';
import {
  apiLogPort,
  type ApiDeps,
  Authenticator,
  DocumentationController,
  OpenApiDocument,
} from '@fintech-ledger/http';
import { contractControllers } from './controllers';
import { EventStreams } from '@fintech-ledger/ledger/nest';
import { PortsModule } from './ports.module';
import { ImportExportModule } from './import-export.module';

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
