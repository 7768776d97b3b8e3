import { constant, named, object, optional, text, whole } from '@fintech-ledger/shapes';
import { refusalFacts } from './refusal-facts';

export const bulkRefusal = named(
  'BulkRefusal',
  'Why an item of a bulk that is not atomic was refused. Further members depend on the code, as with `Problem`.',
  object({
    object: constant('error'),
    status: whole('The HTTP status that it would have on its own.', 422),
    code: text('What it was refused for, as in `Problem`.', 'unknown_account'),
    detail: text('A sentence for a person.', 'there is no account cash:stripe in this ledger'),
    param: optional(
      text('A JSON pointer (RFC 6901) to what is to blame, within the transaction.', '/entries/0/account'),
    ),
    ...refusalFacts,
  }),
);
