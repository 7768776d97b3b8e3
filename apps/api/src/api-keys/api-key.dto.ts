import { grants } from '@fintech-ledger/access';
import { apiKeyScopesMax } from '../limits';
import { Is, ListOfValues } from '../validation/decorators';
import { oneOfRule } from '../validation/rule';
import { nameRule } from '../validation/text-rules';

export class CreateApiKeyDto {
  @Is(nameRule)
  declare readonly name: string;

  @ListOfValues(oneOfRule('scope', grants), { min: 1, max: apiKeyScopesMax })
  declare readonly scopes: readonly string[];
}
