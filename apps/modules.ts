import { accessModule } from '@fintech-ledger/access';
import { auditModule, auditStreams } from '@fintech-ledger/audit';
import { bankModule } from '@fintech-ledger/bank';
import { booksModule } from '@fintech-ledger/books';
import { connectModule } from '@fintech-ledger/connect';
import { customersModule } from '@fintech-ledger/customers';
import { eventsModule, PublicEventRegistry } from '@fintech-ledger/events';
import { fxModule } from '@fintech-ledger/fx';
import { ledgerModule } from '@fintech-ledger/ledger';
import { ledgerTransfersModule } from '@fintech-ledger/ledger-transfers';
import { Modules } from '@fintech-ledger/manifest';
import { operationsModule } from '@fintech-ledger/operations';
import { paymentsModule } from '@fintech-ledger/payments';
import { privacyModule } from '@fintech-ledger/privacy';
import { splitsModule } from '@fintech-ledger/splits';
import { webhooksModule } from '@fintech-ledger/webhooks';

const capabilities = [
  ledgerModule,
  booksModule,
  accessModule,
  operationsModule,
  webhooksModule,
  paymentsModule,
  ledgerTransfersModule,
  privacyModule,
  customersModule,
  connectModule,
  fxModule,
  splitsModule,
  bankModule,
];

/** What clients are told of what these do. */
export const publicEvents = new PublicEventRegistry([
  ...capabilities,
  { name: 'audit', streams: auditStreams },
]);
/** What the product consists of, in the order of operations in the reference and of rows that projections write. */
export const modules = new Modules([...capabilities, auditModule(publicEvents), eventsModule(publicEvents)]);
