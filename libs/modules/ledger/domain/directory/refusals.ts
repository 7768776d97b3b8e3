import { refusal } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { invalidCurrency, unknownCurrency } from '../currency-refusals';
import { invalidValue, textRefusals } from '../given-texts';
import type { DirectoryCommand } from './commands';

export const unitExists = refusal(
  'unit_exists',
  'conflict',
  'The unit exists already, or is an ISO 4217 currency.',
);
export const unitInUse = refusal(
  'unit_in_use',
  'conflict',
  'An account uses the unit, so it stays as it is.',
);

/** What each command may be refused with, in the order of precedence; `decideDirectory` compiles with nothing else. */
export const directoryRefusals = {
  CreateLedger: textRefusals,
  DeclareUnit: [invalidValue, invalidCurrency, unitExists, unitInUse],
  UseUnit: [unknownCurrency],
} as const satisfies Record<DirectoryCommand['type'], readonly DeclaredRefusal[]>;
