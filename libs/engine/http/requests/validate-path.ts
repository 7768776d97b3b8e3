import type { RefusalCode } from '@fintech-ledger/ledger/domain';
import { isAddress } from '@fintech-ledger/ledger/domain';
import { ApiProblem } from '../problems/api-problem';

const ids: Readonly<Record<string, readonly [RegExp, RefusalCode, string]>> = {
  ledger: [/^led_[A-Za-z0-9_-]{1,64}$/, 'ledger_not_found', 'There is no such ledger.'],
  transaction: [/^txn_[A-Za-z0-9_-]{1,64}$/, 'transaction_not_found', 'There is no such transaction.'],
  apiKey: [/^key_[A-Za-z0-9_-]{1,64}$/, 'api_key_not_found', 'There is no such API key.'],
};

/** Checks the parameters of a path: an id that can't be one is not found, without asking anybody. @throws ApiProblem */
export function validatePath(params: Readonly<Record<string, string>>): void {
  for (const name in params) {
    const value = params[name] ?? '';
    const rule = ids[name];
    if (rule !== undefined && !rule[0].test(value)) throw new ApiProblem(rule[1], rule[2]);
    if (name === 'address' && !isAddress(value)) {
      const detail =
        "An address has segments of A-Z, a-z, 0-9, '_' and '-' with ':' between, at most 255 characters.";
      throw new ApiProblem('invalid_address', detail, { param: '/address' });
    }
  }
}
