import type { EventStore } from '@fintech-ledger/event-store';
import type { CommandEnvelope, CommandOutcome } from '@fintech-ledger/journal';
import type { Database } from '@fintech-ledger/postgres';

/** Of both: what events keep of requests depends on it. */
export const secret = 'the secret of both products';

/** One way to run the product, put together in this process from the parts that its apps are made of. */
export interface Product {
  /** Carries out the commands of one stream that are sent at once, in this order. */
  submit(envelopes: readonly CommandEnvelope[]): Promise<readonly CommandOutcome[]>;
  readonly store: EventStore;
  /** Of the read models. */
  readonly database: Database;
  close(): Promise<void>;
}

/** Closes in the reverse order; the first failure is thrown when all are closed. */
export async function closeAll(closers: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of [...closers].reverse()) await close().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
