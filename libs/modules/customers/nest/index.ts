import type { EventStore } from '@fintech-ledger/event-store';
import type { Acknowledged, ApiParts } from '@fintech-ledger/http';
import type { CommandGateway } from '@fintech-ledger/journal';
import { PaymentsLedgers, PaymentsReader } from '@fintech-ledger/payments/nest';
import { PersonalValues, subjectKeysPort } from '@fintech-ledger/privacy';
import type { SubjectKeys } from '@fintech-ledger/privacy';
import { acknowledgedPort, commandGatewayPort, eventStorePort } from '@fintech-ledger/projection-runtime';
import { abandonedCustomers } from '../customers/abandoned-keys';
import { CustomerCommandsController } from '../customers/customer-commands.controller';
import { CustomerQueriesController } from '../customers/customer-queries.controller';
import { CustomerReads } from '../customers/customer-reads';
import { CustomerWriter } from '../customers/customer-writer';
import { PaymentMethodsController } from '../payment-methods/payment-methods.controller';
import { customerQueriesPort } from '../read-model/queries';
import type { CustomerQueries } from '../read-model/queries';

/** What the API's process composes of customers. Loading it loads Nest. */
export const customersApi: ApiParts = {
  controllers: [CustomerCommandsController, CustomerQueriesController, PaymentMethodsController],
  providers: [
    {
      provide: CustomerWriter,
      inject: [commandGatewayPort, PaymentsLedgers, subjectKeysPort],
      useFactory: (gateway: CommandGateway, ledgers: PaymentsLedgers, keys: SubjectKeys) =>
        new CustomerWriter(gateway, ledgers, keys, new PersonalValues(keys)),
    },
    {
      provide: abandonedCustomers,
      inject: [commandGatewayPort, PaymentsLedgers, subjectKeysPort],
      useFactory: (gateway: CommandGateway, ledgers: PaymentsLedgers, keys: SubjectKeys) =>
        abandonedCustomers(gateway, ledgers, keys),
    },
    {
      provide: CustomerReads,
      inject: [customerQueriesPort, PaymentsLedgers, acknowledgedPort, eventStorePort, subjectKeysPort],
      useFactory: (
        queries: CustomerQueries,
        ledgers: PaymentsLedgers,
        acknowledged: Acknowledged,
        store: EventStore,
        keys: SubjectKeys,
      ) => {
        const reader = new PaymentsReader(queries, ledgers, acknowledged, 'The customers have');
        return new CustomerReads(queries, reader, store, new PersonalValues(keys));
      },
    },
  ],
};
