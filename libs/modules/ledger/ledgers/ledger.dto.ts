import {
  AsksFor,
  Is,
  Nullable,
  Optional,
  metadataRule,
  descriptionRule,
  nameRule,
} from '@fintech-ledger/http';
import type { BodyOf } from '@fintech-ledger/http';
import type { CreateLedger } from '@fintech-ledger/ledger/domain';

@AsksFor<BodyOf<CreateLedger, 'managed'>>('A new ledger.')
export class CreateLedgerDto {
  @Is(nameRule, 'Its name.')
  declare readonly name: string;

  @Is(descriptionRule, 'What it is for.')
  @Nullable()
  declare readonly description?: string | null;

  @Is(metadataRule, 'Your own keys and values.')
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}
