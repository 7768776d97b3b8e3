import { availableBalance, postedBalance } from '@fintech-ledger/ledger/domain';
import type { BookedEntry, HoldPlaced, TransactionPosted } from '@fintech-ledger/ledger/domain';

/**
 * The answer to what is posted or held, as the text of `{...transactionView(...), balances, position}`. Written out as a text because it is what
 * nearly every request is answered with: building the objects and then their JSON takes three times as long. Addresses, currencies, amounts and
 * times have no characters that JSON escapes.
 */
export function firstAnswerText(
  event: TransactionPosted | HoldPlaced,
  position: string,
  dryRun: boolean,
): string {
  const { entries, transaction } = event.data;
  const isHold = event.type === 'HoldPlaced';
  let lines = '';
  for (const { account, amount, currency, direction } of entries) {
    lines +=
      `${lines === '' ? '' : ','}{"account":"${account}","direction":"${direction}","amount":"${amount}","currency":"${currency}",` +
      `"held":"${isHold ? amount : '0'}","captured":"${isHold ? '0' : amount}","reversed":"0"}`;
  }
  return (
    `{"id":"${transaction.id}","object":"transaction","status":"${transaction.status}","is_hold":${isHold},"entries":[${lines}],` +
    `"description":${JSON.stringify(transaction.description)},"reference":${JSON.stringify(transaction.reference)},` +
    `"effective_at":"${transaction.effectiveAt}","recorded_at":"${transaction.recordedAt}",` +
    `"expires_at":${JSON.stringify(transaction.expiresAt)},"reverses":${JSON.stringify(transaction.reverses)},"reversed_by":[],` +
    `"metadata":${JSON.stringify(transaction.metadata)},"balances":{${balancesText(entries)}},"position":"${position}"${dryRun ? ',"dry_run":true' : ''}}`
  );
}

function balancesText(entries: readonly BookedEntry[]): string {
  // The last entry of an account has its balance after all of them.
  const last = new Map<string, BookedEntry>();
  for (const entry of entries) last.set(entry.account, entry);
  let balances = '';
  for (const { account, accountType, after, currency } of last.values()) {
    const totals = {
      postedDebits: BigInt(after.postedDebits),
      postedCredits: BigInt(after.postedCredits),
      pendingDebits: BigInt(after.pendingDebits),
      pendingCredits: BigInt(after.pendingCredits),
    };
    balances +=
      `${balances === '' ? '' : ','}"${account}":{"currency":"${currency}","posted":{"debits":"${after.postedDebits}",` +
      `"credits":"${after.postedCredits}","balance":"${postedBalance(accountType, totals)}"},"pending":{"debits":"${after.pendingDebits}",` +
      `"credits":"${after.pendingCredits}"},"available":"${availableBalance(accountType, totals)}","version":${after.version}}`;
  }
  return balances;
}
