import type { AmendAccount, OpenAccount } from '@fintech-ledger/ledger/domain';
import type { AmendAccountDto, OpenAccountDto } from './account.dto';

export function openAccount(body: OpenAccountDto): OpenAccount {
  return {
    type: 'OpenAccount',
    address: body.address,
    accountType: body.type,
    currency: body.currency,
    ...(body.min_balance === undefined ? {} : { minBalance: body.min_balance }),
    ...(body.max_balance === undefined ? {} : { maxBalance: body.max_balance }),
    ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
  };
}

export function amendAccount(address: string, body: AmendAccountDto): AmendAccount {
  return {
    type: 'AmendAccount',
    address,
    ...(body.min_balance === undefined ? {} : { minBalance: body.min_balance }),
    ...(body.max_balance === undefined ? {} : { maxBalance: body.max_balance }),
    ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
  };
}
