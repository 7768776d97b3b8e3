import { accountTypes } from '@fintech-ledger/ledger/domain';
import type {
  AccountRecord,
  LedgerCommand,
  TransactionLine,
  TransactionRequest,
  TransactionSnapshot,
} from '@fintech-ledger/ledger/domain';
import { open } from './command-builders';
import type { JournalFact } from '@fintech-ledger/ledger/domain';
import type { InMemoryLedger } from './in-memory-ledger';
import type { Intent } from './ledger-intents';
import { mistakeFor } from './mistake-for';
import { pick, withStatus } from './pick';
import { portionFor } from './portion-for';
import { backDated, requestFor } from './request-for';

const currencies = ['USD', 'EUR', 'POINTS'] as const;

/** The command of an intent in this ledger at this time: a mistake when there is nothing to do it with. */
export function commandFor(
  intent: Intent,
  ledger: InMemoryLedger<JournalFact>,
  now: string,
): LedgerCommand | undefined {
  if (intent.kind === 'nothing') return undefined;
  return wanted(intent, ledger, now) ?? mistakeFor(intent, accountsOf(ledger), transactionsOf(ledger));
}

function wanted(intent: Intent, ledger: InMemoryLedger<JournalFact>, now: string): LedgerCommand | undefined {
  const { kind, picks, variant } = intent;
  const accounts = accountsOf(ledger);
  const [first = 0] = picks;
  switch (kind) {
    case 'open':
      return openFor(intent, accounts.length);
    case 'amend':
      return amendFor(intent, pick(accounts, first));
    case 'freeze':
      return ofAddress('FreezeAccount', pick(withStatus(accounts, 'open'), first));
    case 'unfreeze':
      return ofAddress('UnfreezeAccount', pick(withStatus(accounts, 'frozen'), first));
    case 'close':
      return ofAddress('CloseAccount', pick(accounts.filter(isEmpty), first) ?? pick(accounts, first));
    case 'reopen':
      return ofAddress('ReopenAccount', pick(withStatus(accounts, 'closed'), first));
    case 'post':
    case 'hold': {
      const request = requestFor(intent, accounts, ledger, now);
      return request && { type: 'PostTransaction', ...request };
    }
    case 'bulk': {
      const transactions = picks.slice(0, 4).flatMap((_, i): TransactionRequest[] => {
        const part = {
          ...intent,
          kind: i === 3 ? 'hold' : 'post',
          picks: [...picks.slice(i), ...picks.slice(0, i)],
        } as const;
        const request = requestFor(part, accounts, ledger, now);
        return request ? [request] : [];
      });
      return { type: 'PostTransactions', atomic: variant < 30, transactions };
    }
    case 'capture':
      return captureFor(intent, ledger, now);
    case 'void': {
      const hold = pick(openHolds(ledger, now), first);
      return hold && { type: 'VoidHold', transactionId: hold.id };
    }
    case 'reverse':
      return reverseFor(intent, ledger);
    case 'expire':
      return {
        type: 'ExpireHolds',
        transactionIds: transactionsOf(ledger)
          .filter((t) => t.isHold && t.expiresAt !== null)
          .map((t) => t.id),
      };
    case 'period':
      return closeFor(intent, now);
    case 'nothing':
    case 'mistake':
      return undefined;
  }
}

/** The accounts that every history begins with: two in each currency that may go up and down freely, so that most can be paid. */
export function firstAccounts(): readonly LedgerCommand[] {
  return currencies.flatMap((currency) => [
    open(`cash:${currency}`, 'asset', { currency }),
    open(`world:${currency}`, 'equity', { currency }),
  ]);
}

function openFor({ picks, variant, amount }: Intent, count: number): LedgerCommand {
  const [a = 0, b = 0] = picks;
  const type = accountTypes[a % accountTypes.length] ?? 'asset';
  return open(`users:${variant < 5 ? b % (count + 1) : count}`, type, {
    currency: currencies[b % currencies.length] ?? 'USD',
    minBalance: variant < 40 ? '0' : variant < 50 ? String(-amount) : null,
    maxBalance: variant % 3 === 0 ? String(amount * 3) : null,
    metadata: variant < 20 ? { owner: String(a), kind: 'random', b: 'x' } : {},
  });
}

function amendFor(
  { variant, amount, picks }: Intent,
  account: AccountRecord | undefined,
): LedgerCommand | undefined {
  if (!account) return undefined;
  return {
    type: 'AmendAccount',
    address: account.address,
    ...(variant % 3 === 0 ? { minBalance: variant < 50 ? String(-amount) : null } : {}),
    ...(variant % 4 === 0 ? { maxBalance: variant < 50 ? String(amount * 20) : null } : {}),
    metadata: { ['k'.repeat(1 + (variant % 3))]: variant % 5 === 0 ? null : String(picks[0]) },
  };
}

function captureFor(
  { picks, variant, amount }: Intent,
  ledger: InMemoryLedger<JournalFact>,
  now: string,
): LedgerCommand | undefined {
  const [first = 0] = picks;
  const hold = pick(variant < 92 ? openHolds(ledger, now) : transactionsOf(ledger), first);
  if (!hold) return undefined;
  const final = variant % 2 === 0;
  const command = { type: 'CaptureHold', transactionId: hold.id, final } as const;
  return { ...command, ...portionFor(hold, (line) => BigInt(line.held), amount, variant) };
}

function reverseFor(
  { picks, variant, amount }: Intent,
  ledger: InMemoryLedger<JournalFact>,
): LedgerCommand | undefined {
  const [first = 0] = picks;
  const left = (line: TransactionLine) => BigInt(line.captured) - BigInt(line.reversed);
  const reversible = transactionsOf(ledger).filter(
    (t) => variant >= 95 || t.lines.some((line) => left(line) > 0n),
  );
  const original = pick(reversible, first);
  if (!original) return undefined;
  return {
    type: 'ReverseTransaction',
    transactionId: original.id,
    ...(variant % 5 === 0 ? { allowOverdraft: true } : {}),
    ...(variant % 11 === 0 ? { effectiveAt: backDated } : {}),
    ...portionFor(original, left, amount, variant),
  };
}

/** Most closes are of what is over; of some nobody can know whether they go back. */
function closeFor({ picks, variant }: Intent, now: string): LedgerCommand {
  const [minutes = 0] = picks;
  const ago = variant < 90 ? minutes * 60_000 + 1 : -60_000;
  return { type: 'ClosePeriod', through: new Date(Date.parse(now) - ago).toISOString(), reason: 'done' };
}

const accountsOf = (ledger: InMemoryLedger<JournalFact>): AccountRecord[] =>
  [...ledger.records.values()].flatMap((record) => (record.kind === 'account' ? [record] : []));
const transactionsOf = (ledger: InMemoryLedger<JournalFact>): TransactionSnapshot[] =>
  [...ledger.records.values()].flatMap((record) => (record.kind === 'transaction' ? [record.snapshot] : []));
const openHolds = (ledger: InMemoryLedger<JournalFact>, now: string): TransactionSnapshot[] =>
  transactionsOf(ledger).filter((t) => t.status === 'pending' && (t.expiresAt === null || t.expiresAt > now));
const isEmpty = (account: AccountRecord): boolean =>
  account.postedDebits === account.postedCredits && account.pendingDebits + account.pendingCredits === 0n;

function ofAddress(
  type: 'FreezeAccount' | 'UnfreezeAccount' | 'CloseAccount' | 'ReopenAccount',
  account: AccountRecord | undefined,
): LedgerCommand | undefined {
  return account && { type, address: account.address };
}
