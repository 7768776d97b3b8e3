import type { ModuleManifest } from '@fintech-ledger/manifest';
import { paymentEvents, paymentPublicEvents, paymentRefusals } from '@fintech-ledger/payments/domain';
import { paymentsPart } from './payments-part';
import { paymentsProjection } from './read-model/payments-projection';

/** What an environment's payments come to, booked in its payments ledger by the events that record it. */
export const paymentsModule: ModuleManifest = {
  name: 'payments',
  imports: ['access', 'ledger', 'privacy'],
  streams: [{ events: paymentEvents, part: paymentsPart, publicEvents: paymentPublicEvents }],
  refusals: paymentRefusals,
  scopes: [
    'payments:read',
    'payments:write',
    'payments:admin',
    'payouts:read',
    'payouts:write',
    'payouts:admin',
  ],
  projections: [paymentsProjection],
  policies: [],
  effects: async (resources) => (await import('./processing/index.js')).openRailCalls(resources),
  migrations: [
    '0026-simulator.sql',
    '0027-payments.sql',
    '0038-balances.sql',
    '0039-payouts.sql',
    '0044-disputes.sql',
    '0045-simulator-disputes.sql',
    '0052-transfers.sql',
    '0055-charges.sql',
    '0061-bank-transfers.sql',
    '0062-awaited-transfers.sql',
    '0070-payouts-of-accounts.sql',
    '0074-splits.sql',
    '0077-payout-batches.sql',
    '0081-reserves.sql',
    '0082-shares-of-accounts.sql',
    '0085-fee-adjustments.sql',
    '0086-rail-references.sql',
    '0105-rare-lines.sql',
  ],
  api: [async () => (await import('@fintech-ledger/payments/nest')).paymentsApi],
};
