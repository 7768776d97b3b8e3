import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { unknownCurrency, withdrawnCurrency } from '@fintech-ledger/ledger/domain';
import {
  splitIncomplete,
  splitInvalid,
  splitPartyRefusals,
  splitRuleNotFound,
  unknownSplitAccount,
} from '@fintech-ledger/payments/domain';
import type { SplitCommand } from './commands';

const ofParties = [splitInvalid, splitIncomplete, unknownSplitAccount];
const ofCurrency = [unknownCurrency, withdrawnCurrency];

/** What each command may be refused with, in the order of precedence; `decideSplits` compiles with nothing else. */
export const splitRuleCommandRefusals = {
  CreateSplitRule: [...ofCurrency, ...ofParties],
  UpdateSplitRule: [splitRuleNotFound, ...ofCurrency, ...ofParties],
} as const satisfies Record<SplitCommand['type'], readonly DeclaredRefusal[]>;

/** Every refusal of split rules. */
export const splitRuleRefusals = splitPartyRefusals;
