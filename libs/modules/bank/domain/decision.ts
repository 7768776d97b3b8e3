import type { CodeOf, PartDecision } from '@fintech-ledger/contract';
import type { BankCommand } from './commands';
import type { AnyEvent } from './draft';
import type { bankCommandRefusals } from './refusals';

export type BankDecision<Code extends string = string> = PartDecision<AnyEvent, Code>;
/** What a command of this type comes to: refused with nothing but what its list has. */
export type DecisionOf<Type extends BankCommand['type']> = BankDecision<
  CodeOf<(typeof bankCommandRefusals)[Type]>
>;
