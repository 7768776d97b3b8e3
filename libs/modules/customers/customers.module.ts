import { customerEvents, customerPublicEvents, customerRefusals } from '@fintech-ledger/customers/domain';
import type { ModuleManifest } from '@fintech-ledger/manifest';
import { customersPart } from './customers-part';
import { customersProjection } from './read-model/customers-projection';

/** Customers of an environment, and the payment methods that they saved. */
export const customersModule: ModuleManifest = {
  name: 'customers',
  imports: ['access', 'ledger', 'payments', 'privacy'],
  streams: [{ events: customerEvents, part: customersPart, publicEvents: customerPublicEvents }],
  refusals: customerRefusals,
  scopes: [],
  projections: [customersProjection],
  policies: [],
  migrations: ['0041-customers.sql'],
  api: [async () => (await import('@fintech-ledger/customers/nest')).customersApi],
};
