import { Is, Nullable, Optional } from '../validation/decorators';
import { metadataRule } from '../validation/rules';
import { descriptionRule, nameRule } from '../validation/text-rules';

export class CreateLedgerDto {
  @Is(nameRule)
  declare readonly name: string;

  @Is(descriptionRule)
  @Nullable()
  declare readonly description?: string | null;

  @Is(metadataRule)
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}
