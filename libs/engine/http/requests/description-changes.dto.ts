import { Is, Nullable } from '../validation/decorators';
import { metadataChangesRule } from '../validation/rules';
import { descriptionRule } from '../validation/text-rules';

/** What may be changed of an object that is otherwise as it was made: the body of its `PATCH`. */
export class DescriptionChangesDto {
  @Is(descriptionRule, 'What it is for.')
  @Nullable()
  declare readonly description?: string | null;

  @Is(metadataChangesRule, 'Merged by key: null removes one; null for all of it removes all.')
  @Nullable()
  declare readonly metadata?: Readonly<Record<string, string | null>> | null;
}
