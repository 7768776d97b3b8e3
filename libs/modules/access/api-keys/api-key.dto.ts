import {
  allowedIpsMax,
  grants,
  keyOverlapSeconds,
  keyOverlapSecondsMax,
} from '@fintech-ledger/access/domain';
import type { CreateApiKey } from '@fintech-ledger/access/domain';
import {
  addressRangeRule,
  apiKeyScopesMax,
  AsksFor,
  Described,
  Is,
  ListOfValues,
  nameRule,
  Nullable,
  oneOfRule,
  Optional,
  timeRule,
  wholeRule,
} from '@fintech-ledger/http';
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

  @Is(timeRule, 'From when on it opens nothing, in real time; it has no end when this is left out.')
  @Nullable()
  declare readonly expires_at?: string | null;

  @ListOfValues(
    addressRangeRule,
    { min: 1, max: allowedIpsMax },
    'Addresses of IPv4 and IPv6, and ranges of them in CIDR notation, from which it may be used; from anywhere when ' +
      'this is left out. It is the address of the other end of the connection, which may be a proxy.',
  )
  @Nullable()
  declare readonly allowed_ips?: readonly string[] | null;
}

@Described('A rotation of the secret of an API key.')
export class RotateApiKeyDto {
  @Is(
    wholeRule('overlap_seconds', 0, keyOverlapSecondsMax),
    `For how long the old secret opens too; ${keyOverlapSeconds} when it is left out. 0: all older ones end.`,
  )
  @Optional()
  declare readonly overlap_seconds?: number;
}
