import { exponentMax } from '@fintech-ledger/ledger/domain';
import type { DeclareUnit } from '@fintech-ledger/ledger/domain';
import { AsksFor, Is, wholeRule, nameRule } from '@fintech-ledger/http';
import type { BodyOf } from '@fintech-ledger/http';
import { currencyRule } from '../rules';

@AsksFor<BodyOf<DeclareUnit>>('A unit to be declared.')
export class DeclareUnitDto {
  @Is(currencyRule, 'The code by which accounts and entries name it.')
  declare readonly code: string;

  @Is(wholeRule('exponent', 0, exponentMax), 'How many decimals it has.')
  declare readonly exponent: number;

  @Is(nameRule, 'Its name.')
  declare readonly name: string;
}
