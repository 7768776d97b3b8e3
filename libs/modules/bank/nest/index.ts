import { bankLineShape } from '@fintech-ledger/bank/domain';
import { customerQueriesPort } from '@fintech-ledger/customers';
import type { CustomerQueries } from '@fintech-ledger/customers';
import type { EventStore } from '@fintech-ledger/event-store';
import type { Acknowledged, ApiParts } from '@fintech-ledger/http';
import type { CommandGateway } from '@fintech-ledger/journal';
import { paymentQueriesPort, simulatorControlsPort } from '@fintech-ledger/payments';
import type { PaymentQueries, SimulatorControls } from '@fintech-ledger/payments';
import { PaymentsLedgers, PaymentsReader } from '@fintech-ledger/payments/nest';
import { PersonalValues, subjectKeysPort } from '@fintech-ledger/privacy';
import type { SubjectKeys } from '@fintech-ledger/privacy';
import { acknowledgedPort, commandGatewayPort, eventStorePort } from '@fintech-ledger/projection-runtime';
import { as, optional } from '@fintech-ledger/shapes';
import { OwnBankAccountsController } from '../accounts/bank-accounts.controller';
import { BankLinesController } from '../lines/bank-lines.controller';
import { BankReads } from '../lines/bank-reads';
import { BankWriter } from '../lines/bank-writer';
import { bankQueriesPort } from '../read-model/queries';
import type { BankQueries } from '../read-model/queries';
import { FeeAdjustments } from '../reconciliation/fee-adjustments';
import { ReconciliationController } from '../reconciliation/reconciliation.controller';
import { ReconciliationReads } from '../reconciliation/reconciliation-reads';
import { CollectiveDebits } from '../statements/collective-debits';
import { PayerNames } from '../statements/payer-names';
import { StatementImports } from '../statements/statement-imports';
import { BankStatementsController } from '../statements/statements.controller';

/** What the API's process composes of bank accounts. Loading it loads Nest. */
export const bankApi: ApiParts = {
  controllers: [
    OwnBankAccountsController,
    BankStatementsController,
    BankLinesController,
    ReconciliationController,
  ],
  problems: {
    facts: { bank_statement_line: optional(as(bankLineShape, 'The line as it is now.')) },
    factsOfEach: {},
  },
  providers: [
    {
      provide: BankWriter,
      inject: [commandGatewayPort, PaymentsLedgers, subjectKeysPort],
      useFactory: (gateway: CommandGateway, ledgers: PaymentsLedgers, keys: SubjectKeys) =>
        new BankWriter(gateway, ledgers, keys),
    },
    {
      provide: StatementImports,
      inject: [
        BankWriter,
        PaymentsLedgers,
        subjectKeysPort,
        paymentQueriesPort,
        customerQueriesPort,
        acknowledgedPort,
      ],
      useFactory: (
        writer: BankWriter,
        ledgers: PaymentsLedgers,
        keys: SubjectKeys,
        payments: PaymentQueries,
        customers: CustomerQueries,
        acknowledged: Acknowledged,
      ) => {
        const names = new PayerNames(payments, customers, new PersonalValues(keys), acknowledged);
        const collective = new CollectiveDebits(payments, acknowledged);
        return new StatementImports(writer, ledgers, keys, names, collective);
      },
    },
    {
      provide: ReconciliationReads,
      inject: [
        paymentQueriesPort,
        bankQueriesPort,
        simulatorControlsPort,
        PaymentsLedgers,
        PaymentsReader,
        acknowledgedPort,
      ],
      useFactory: (
        payments: PaymentQueries,
        bank: BankQueries,
        simulator: SimulatorControls,
        ledgers: PaymentsLedgers,
        reader: PaymentsReader,
        acknowledged: Acknowledged,
      ) => {
        const readers = {
          payments: reader,
          bank: new PaymentsReader(bank, ledgers, acknowledged, 'The bank accounts have'),
        };
        return new ReconciliationReads(payments, bank, simulator, ledgers, readers);
      },
    },
    {
      provide: FeeAdjustments,
      inject: [commandGatewayPort, PaymentsLedgers],
      useFactory: (gateway: CommandGateway, ledgers: PaymentsLedgers) => new FeeAdjustments(gateway, ledgers),
    },
    {
      provide: BankReads,
      inject: [bankQueriesPort, PaymentsLedgers, acknowledgedPort, eventStorePort, subjectKeysPort],
      useFactory: (
        queries: BankQueries,
        ledgers: PaymentsLedgers,
        acknowledged: Acknowledged,
        store: EventStore,
        keys: SubjectKeys,
      ) => {
        const reader = new PaymentsReader(queries, ledgers, acknowledged, 'The bank accounts have');
        return new BankReads(queries, reader, store, new PersonalValues(keys));
      },
    },
  ],
};
