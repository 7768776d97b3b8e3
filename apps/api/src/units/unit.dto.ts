import { exponentMax } from '@fintech-ledger/access';
import { Described, Is } from '../validation/decorators';
import { wholeRule } from '../validation/rule';
import { currencyRule } from '../validation/rules';
import { nameRule } from '../validation/text-rules';

@Described('A unit to be declared.')
export class DeclareUnitDto {
  @Is(currencyRule, 'The code by which accounts and entries name it.')
  declare readonly code: string;

  @Is(wholeRule('exponent', 0, exponentMax), 'How many decimals it has.')
  declare readonly exponent: number;

  @Is(nameRule, 'Its name.')
  declare readonly name: string;
}
