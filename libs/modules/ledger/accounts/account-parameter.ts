import type { PathParameter } from '@fintech-ledger/http';
import { addressLengthMax, addressPattern, invalidAddress } from '@fintech-ledger/ledger/domain';

export const accountParameter: PathParameter = {
  name: 'address',
  description: 'The address of the account.',
  pattern: addressPattern,
  lengthMax: addressLengthMax,
  example: 'merchants:acme:payable',
  refusal: invalidAddress,
  detail: "An address has segments of A-Z, a-z, 0-9, '_' and '-' with ':' between, at most 255 characters.",
};
