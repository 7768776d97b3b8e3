import { grants } from '@fintech-ledger/access/domain';
import type { CreateApiKey } from '@fintech-ledger/access/domain';
import { apiKeyScopesMax, AsksFor, Is, ListOfValues, oneOfRule, nameRule } from '@fintech-ledger/http';
import type { BodyOf } from '@fintech-ledger/http';

@AsksFor<BodyOf<CreateApiKey, 'apiKeyId' | 'hmac' | 'last4'>>('A new API key.')
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
