import { exponentMax } from '@fintech-ledger/access';
import { Is } from '../validation/decorators';
import { wholeRule } from '../validation/rule';
import { currencyRule } from '../validation/rules';
import { nameRule } from '../validation/text-rules';

export class DeclareUnitDto {
  @Is(currencyRule)
  declare readonly code: string;

  @Is(wholeRule('exponent', 0, exponentMax))
  declare readonly exponent: number;

  @Is(nameRule)
  declare readonly name: string;
}
