import type { EventStore } from '@fintech-ledger/event-store';
import type { Acknowledged, ApiParts } from '@fintech-ledger/http';
import type { CommandGateway } from '@fintech-ledger/journal';
import { LedgerDirectory } from '@fintech-ledger/ledger';
import { PersonalValues, SubjectRequests, subjectKeysPort } from '@fintech-ledger/privacy';
import type { SubjectKeys } from '@fintech-ledger/privacy';
import { acknowledgedPort, commandGatewayPort, eventStorePort } from '@fintech-ledger/projection-runtime';
import { disputeShape, paymentShape, payoutShape, refundShape } from '@fintech-ledger/payments/domain';
import { as, digits, optional, text } from '@fintech-ledger/shapes';
import { BalancesController } from '../balances/balances.controller';
import { NegativeBalancesController } from '../balances/negative-balances.controller';
import { DisputeReads } from '../disputes/dispute-reads';
import { DisputeWriter } from '../disputes/dispute-writer';
import { DisputesController } from '../disputes/disputes.controller';
import { DisputeHelpersController } from '../disputes/dispute-helpers.controller';
import { EvidenceSubjects } from '../disputes/evidence-subjects';
import { EvidenceWriter } from '../disputes/evidence-writer';
import { LedgerCommands } from '../ledger/ledger-commands';
import { PaymentsLedgerController } from '../ledger/payments-ledger.controller';
import { PaymentsLedgers } from '../ledger/payments-ledgers';
import { PaymentCommandsController } from '../payments/payment-commands.controller';
import { PaymentQueriesController } from '../payments/payment-queries.controller';
import { PaymentReads } from '../payments/payment-reads';
import { PaymentsReader } from '../payments/payments-reader';
import { PaymentWriter } from '../payments/payment-writer';
import { paymentsPart } from '../payments-part';
import { ResolutionController } from '../payments/resolution.controller';
import { PayoutBatchesController } from '../payouts/payout-batches.controller';
import { PayoutBatchReads } from '../payouts/payout-batch-reads';
import { PayoutScheduleController } from '../payouts/payout-schedule.controller';
import { PayoutsController } from '../payouts/payouts.controller';
import { paymentQueriesPort } from '../read-model/queries';
import type { PaymentQueries } from '../read-model/queries';
import { SimulatorPageController } from '../test-helpers/simulator-page.controller';
import { TestHelpersController } from '../test-helpers/test-helpers.controller';
import { SplitsController } from '../splits/splits.controller';
import { TransfersController } from '../transfers/transfers.controller';
import { RefundsController } from '../refunds/refunds.controller';

export { PaymentsLedgers, PaymentsReader };
export { LedgerCommands } from '../ledger/ledger-commands';
export type { LedgerOutcome } from '../ledger/ledger-commands';
export { actsAlone, connectedAccountsPort, refuseConnectedAccount } from '../payments/connected-account';
export type { ConnectedAccounts } from '../payments/connected-account';
export { amountRule, currencyRule, paymentMethodRule } from '../payments/payment-rules';
export { SplitPartyDto, splitPartyOf } from '../splits/split-party.dto';
export { PayoutScheduleDto, scheduleOf } from '../payouts/payout-schedule.dto';
export { noPage, positioned, whyNone } from '../payments/payments-reader';
export type { Positioned, Read } from '../payments/payments-reader';

/** What the API's process composes of payments. Loading it loads Nest. */
export const paymentsApi: ApiParts = {
  controllers: [
    PaymentCommandsController,
    PaymentQueriesController,
    RefundsController,
    PaymentsLedgerController,
    BalancesController,
    NegativeBalancesController,
    ResolutionController,
    PayoutsController,
    PayoutBatchesController,
    PayoutScheduleController,
    TransfersController,
    SplitsController,
    DisputesController,
    DisputeHelpersController,
    TestHelpersController,
    SimulatorPageController,
  ],
  problems: {
    facts: {
      dispute: optional(as(disputeShape, 'The dispute as it is now.')),
      payment: optional(as(paymentShape, 'The payment as it is now.')),
      payout: optional(as(payoutShape, 'The payout as it is now.')),
      refund: optional(as(refundShape, 'The refund as it is now.')),
      decline_code: optional(text('`payment_declined`: why the rail declined.', 'insufficient_funds')),
      amount_capturable: optional(digits('`capture_exceeds_authorized`: what is authorized.', '10000')),
      amount_left: optional(
        digits('`refund_exceeded`, `payment_disputed`, `transfer_exceeds_source`, …: what is left.', '6667'),
      ),
    },
    factsOfEach: {},
  },
  providers: [
    {
      provide: PaymentsLedgers,
      inject: [commandGatewayPort, LedgerDirectory],
      useFactory: (gateway: CommandGateway, directory: LedgerDirectory) =>
        new PaymentsLedgers(gateway, directory),
    },
    {
      provide: PaymentWriter,
      inject: [commandGatewayPort, PaymentsLedgers],
      useFactory: (gateway: CommandGateway, ledgers: PaymentsLedgers) => new PaymentWriter(gateway, ledgers),
    },
    {
      provide: PaymentsReader,
      inject: [paymentQueriesPort, PaymentsLedgers, acknowledgedPort],
      useFactory: (queries: PaymentQueries, ledgers: PaymentsLedgers, acknowledged: Acknowledged) =>
        new PaymentsReader(queries, ledgers, acknowledged),
    },
    {
      provide: PaymentReads,
      inject: [paymentQueriesPort, PaymentsReader, eventStorePort],
      useFactory: (queries: PaymentQueries, reader: PaymentsReader, store: EventStore) =>
        new PaymentReads(queries, reader, store),
    },
    {
      provide: DisputeReads,
      inject: [PaymentReads, subjectKeysPort],
      useFactory: (reads: PaymentReads, keys: SubjectKeys) =>
        new DisputeReads(reads, new PersonalValues(keys)),
    },
    {
      provide: DisputeWriter,
      inject: [PaymentWriter, subjectKeysPort],
      useFactory: (writer: PaymentWriter, keys: SubjectKeys) =>
        new DisputeWriter(writer, new PersonalValues(keys)),
    },
    {
      provide: EvidenceWriter,
      inject: [commandGatewayPort, PaymentsLedgers, paymentQueriesPort, subjectKeysPort],
      useFactory: (
        gateway: CommandGateway,
        ledgers: PaymentsLedgers,
        queries: PaymentQueries,
        keys: SubjectKeys,
      ) => {
        const requests = new SubjectRequests(keys, 'dispute');
        const subjects = new EvidenceSubjects(queries, ledgers, keys, requests);
        const commands = new LedgerCommands(gateway, ledgers, paymentsPart);
        return new EvidenceWriter({ commands, requests, subjects, values: new PersonalValues(keys) });
      },
    },
    {
      provide: PayoutBatchReads,
      inject: [paymentQueriesPort, PaymentsReader, eventStorePort, subjectKeysPort],
      useFactory: (queries: PaymentQueries, reader: PaymentsReader, store: EventStore, keys: SubjectKeys) =>
        new PayoutBatchReads(queries, reader, store, new PersonalValues(keys)),
    },
  ],
};
