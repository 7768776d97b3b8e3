import { addressRule } from '../rules';
import type { PathParameter } from '@fintech-ledger/http';
import { invalidAddress, isAddress } from '@fintech-ledger/ledger/domain';

export const accountParameter: PathParameter = {
  name: 'address',
  description: 'The address of the account.',
  schema: { ...addressRule.schema, example: 'merchants:acme:payable' },
  accepts: isAddress,
  refusal: invalidAddress,
  detail: "An address has segments of A-Z, a-z, 0-9, '_' and '-' with ':' between, at most 255 characters.",
};
