import { dataSubjectErased, dataSubjectNotFound } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import type { DataSubjectCommand } from './commands';

/** What each command may be refused with, in the order of precedence. */
export const dataSubjectCommandRefusals = {
  CreateDataSubject: [],
  EraseDataSubject: [dataSubjectNotFound, dataSubjectErased],
} as const satisfies Record<DataSubjectCommand['type'], readonly DeclaredRefusal[]>;

/** Every refusal that is declared here. */
export const dataSubjectRefusals = [dataSubjectNotFound, dataSubjectErased];
