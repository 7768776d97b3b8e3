import {
  ledgerTransferEvents,
  ledgerTransferPublicEvents,
  ledgerTransferRefusals,
} from '@fintech-ledger/ledger-transfers/domain';
import type { ModuleManifest } from '@fintech-ledger/manifest';
import { ledgerTransfersPart } from './ledger-transfers-part';
import { ledgerTransfersProjection } from './read-model/ledger-transfers-projection';

/** Transfers between two ledgers of an environment, through transit accounts. */
export const ledgerTransfersModule: ModuleManifest = {
  name: 'ledger-transfers',
  imports: ['access', 'ledger'],
  streams: [
    { events: ledgerTransferEvents, part: ledgerTransfersPart, publicEvents: ledgerTransferPublicEvents },
  ],
  refusals: ledgerTransferRefusals,
  scopes: [],
  projections: [ledgerTransfersProjection],
  policies: [],
  effects: async (resources) => (await import('./processing/index.js')).openDeliveries(resources),
  migrations: ['0046-ledger-transfers.sql'],
  api: [async () => (await import('@fintech-ledger/ledger-transfers/nest')).ledgerTransfersApi],
};
