import { accountOf, availableBalance, postedBalance } from './account';
import type { AccountRecord } from './account';
import { parseSigned } from './account-bounds';
import type { Comparison, Precondition } from './commands';
import type { LedgerView } from './records';
import { refuse } from '@fintech-ledger/contract';
import { invalidAmount, unknownAccount } from './entry-refusals';
import { preconditionFailed, versionConflict } from './transaction-refusals';
import type { Refusal, RefusalOf } from '@fintech-ledger/contract';
import type { preconditionRefusals } from './transaction-refusals';

/** Preconditions are judged before the transaction's own effect. */
export function unmetPrecondition(
  view: LedgerView,
  preconditions: readonly Precondition[],
): RefusalOf<typeof preconditionRefusals> | undefined {
  for (let i = 0; i < preconditions.length; i += 1) {
    const precondition = preconditions[i] as Precondition;
    const param = `/preconditions/${i}`;
    const account = accountOf(view, precondition.account);
    if (!account) {
      return refuse(
        unknownAccount,
        `there is no account ${precondition.account} in this ledger`,
        `${param}/account`,
      );
    }
    if (precondition.version !== undefined && precondition.version !== account.version) {
      return refuse(
        versionConflict,
        `${account.address} is at version ${account.version}, not ${precondition.version}`,
        `${param}/version`,
        { account: account.address, version: String(account.version) },
      );
    }
    const unmet =
      unmetComparison(
        precondition.available,
        availableBalance(account.type, account),
        account,
        `${param}/available`,
      ) ??
      unmetComparison(precondition.posted, postedBalance(account.type, account), account, `${param}/posted`);
    if (unmet) return unmet;
  }
  return undefined;
}

const comparisons = {
  gte: { says: 'at least', holds: (is: bigint, wanted: bigint) => is >= wanted },
  lte: { says: 'at most', holds: (is: bigint, wanted: bigint) => is <= wanted },
  eq: { says: 'exactly', holds: (is: bigint, wanted: bigint) => is === wanted },
} as const;

function unmetComparison(
  comparison: Comparison | undefined,
  is: bigint,
  account: AccountRecord,
  param: string,
): Refusal<'precondition_failed' | 'invalid_amount'> | undefined {
  for (const operator of ['gte', 'lte', 'eq'] as const) {
    const text = comparison?.[operator];
    if (text === undefined) continue;
    const wanted = parseSigned(text);
    if (wanted === undefined) {
      return refuse(
        invalidAmount,
        'a balance is a string of up to 36 digits, with "-" in front when negative',
        `${param}/${operator}`,
      );
    }
    const { says, holds } = comparisons[operator];
    if (!holds(is, wanted)) {
      return refuse(
        preconditionFailed,
        `${account.address} has ${is}, ${says} ${wanted} was asked for`,
        `${param}/${operator}`,
        {
          account: account.address,
          balance: String(is),
        },
      );
    }
  }
  return undefined;
}
