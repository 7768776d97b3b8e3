import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { dryRunTooLarge, writerRefusals } from '@fintech-ledger/journal';
import { domainRefusals, invalidMetadata, invalidValue } from '@fintech-ledger/ledger/domain';
import { ledgerNotFound } from './ledgers/ledger-parameter';
import { periodCloseNotFound } from './periods/period-close-refusals';
import { overdraftNotAllowed } from './transactions/operation-refusals';

/** The edge declares these, as it refuses the same of what comes over HTTP. */
const ofEdge: readonly DeclaredRefusal[] = [invalidMetadata, invalidValue];

/** Every refusal of the ledger, and of the writer that runs it. */
export const ledgerRefusals: readonly DeclaredRefusal[] = [
  ...domainRefusals.filter((each) => !ofEdge.includes(each)),
  ...writerRefusals,
  dryRunTooLarge,
  ledgerNotFound,
  periodCloseNotFound,
  overdraftNotAllowed,
];
