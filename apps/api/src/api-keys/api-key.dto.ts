import { grants } from '@fintech-ledger/access';
import { apiKeyScopesMax } from '../limits';
import { Described, Is, ListOfValues } from '../validation/decorators';
import { oneOfRule } from '../validation/rule';
import { nameRule } from '../validation/text-rules';

@Described('A new API key.')
export class CreateApiKeyDto {
  @Is(nameRule, 'A name by which to tell keys apart.')
  declare readonly name: string;

  @ListOfValues(
    oneOfRule('scope', grants),
    { min: 1, max: apiKeyScopesMax },
    'What the key may do: none that its maker may not.',
  )
  declare readonly scopes: readonly string[];
}
