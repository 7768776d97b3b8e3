import type { CreateSandbox } from '@fintech-ledger/access/domain';
import { AsksFor, Is, nameRule } from '@fintech-ledger/http';
import type { BodyOf } from '@fintech-ledger/http';

@AsksFor<BodyOf<CreateSandbox, 'sandboxesMax'>>('A new sandbox.')
export class CreateSandboxDto {
  @Is(nameRule, 'A name by which to tell sandboxes apart.')
  declare readonly name: string;
}
