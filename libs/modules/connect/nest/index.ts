import { connectedAccountShape } from '@fintech-ledger/connect/domain';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Acknowledged, ApiParts, ApiRequest } from '@fintech-ledger/http';
import type { CommandGateway } from '@fintech-ledger/journal';
import { connectedAccountsPort, PaymentsLedgers, PaymentsReader } from '@fintech-ledger/payments/nest';
import type { ConnectedAccounts } from '@fintech-ledger/payments/nest';
import { PersonalValues, subjectKeysPort } from '@fintech-ledger/privacy';
import type { SubjectKeys } from '@fintech-ledger/privacy';
import { acknowledgedPort, commandGatewayPort, eventStorePort } from '@fintech-ledger/projection-runtime';
import { as, optional } from '@fintech-ledger/shapes';
import { AccountCommandsController } from '../accounts/account-commands.controller';
import { AccountQueriesController } from '../accounts/account-queries.controller';
import { AccountReads } from '../accounts/account-reads';
import { AccountWriter } from '../accounts/account-writer';
import { BankAccountsController } from '../accounts/bank-accounts.controller';
import { connectQueriesPort } from '../read-model/queries';
import type { ConnectQueries } from '../read-model/queries';

/** What the API's process composes of connected accounts. Loading it loads Nest. */
export const connectApi: ApiParts = {
  controllers: [AccountCommandsController, AccountQueriesController, BankAccountsController],
  problems: {
    facts: {
      connected_account: optional(as(connectedAccountShape, 'The connected account as it is now.')),
    },
    factsOfEach: {},
  },
  providers: [
    {
      provide: AccountWriter,
      inject: [commandGatewayPort, PaymentsLedgers, subjectKeysPort],
      useFactory: (gateway: CommandGateway, ledgers: PaymentsLedgers, keys: SubjectKeys) =>
        new AccountWriter(gateway, ledgers, keys, new PersonalValues(keys)),
    },
    {
      provide: AccountReads,
      inject: [connectQueriesPort, PaymentsLedgers, acknowledgedPort, eventStorePort, subjectKeysPort],
      useFactory: (
        queries: ConnectQueries,
        ledgers: PaymentsLedgers,
        acknowledged: Acknowledged,
        store: EventStore,
        keys: SubjectKeys,
      ) => {
        const reader = new PaymentsReader(queries, ledgers, acknowledged, 'The connected accounts have');
        return new AccountReads(queries, reader, store, new PersonalValues(keys));
      },
    },
    {
      provide: connectedAccountsPort,
      inject: [AccountReads],
      useFactory: (reads: AccountReads): ConnectedAccounts => ({
        async defaultCurrency(request: ApiRequest, id: string): Promise<string> {
          return (await reads.party(request, id)).result.facts.defaultCurrency;
        },
      }),
    },
  ],
};
