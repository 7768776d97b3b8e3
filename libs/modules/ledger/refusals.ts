import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { writerRefusals } from '@fintech-ledger/journal';
import { domainRefusals } from '@fintech-ledger/ledger/domain';
import { ledgerNotFound } from './ledgers/ledger-parameter';
import { periodCloseNotFound } from './periods/period-close-refusals';
import { overdraftNotAllowed } from './transactions/operation-refusals';

/** Every refusal of the ledger, and of the writer that runs it. */
export const ledgerRefusals: readonly DeclaredRefusal[] = [
  ...domainRefusals,
  ...writerRefusals,
  ledgerNotFound,
  periodCloseNotFound,
  overdraftNotAllowed,
];
