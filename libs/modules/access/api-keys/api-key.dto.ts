import { grants } from '@fintech-ledger/access/domain';
import { apiKeyScopesMax, Described, Is, ListOfValues, oneOfRule, nameRule } from '@fintech-ledger/http';

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
