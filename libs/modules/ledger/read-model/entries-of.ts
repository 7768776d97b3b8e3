import type { BookedEntry, Direction } from '@fintech-ledger/ledger/domain';

const plain = '[^"\\\\\\u0000-\\u001f]*';
const quoted = `"(${plain})"`;
const whole = '"(0|-?[1-9]\\d{0,60})"';
// Canonical entries as nearly all are: each member in its place, nothing escaped.
const entry = new RegExp(
  `\\{"account":${quoted},"accountType":"(asset|equity|expense|liability|revenue)",` +
    `"after":\\{"pendingCredits":${whole},"pendingDebits":${whole},"postedCredits":${whole},"postedDebits":${whole},` +
    `"version":([1-9]\\d{0,14})\\},"amount":${whole},"currency":${quoted},"direction":"(credit|debit)",` +
    `"effect":"post"\\}(,|\\],)`,
  'y',
);
const text = `"${plain}(?:\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4})${plain})*"`;
const texts = `\\{(?:${text}:${text}(?:,${text}:${text})*)?\\}`;
const value = `(?:null|${text}|${texts})`;
/** What follows the entries: one object of texts and of objects of texts. */
const transaction = new RegExp(`"transaction":\\{${text}:${value}(?:,${text}:${value})*\\}\\}$`, 'y');
const start = '{"entries":[';
/** Shorter ones are copied by the engine; a longer one keeps the text alive which it is cut from. */
const cutChars = 13;

/**
 * The entries of an event of the commonest type, found without parsing all of it: a rebuild of balances reads nothing
 * else, and parsing is the most of its work. The whole text is looked at, so what is no JSON has no part.
 */
export function entriesOf(
  type: string,
  data: string,
): { readonly entries: readonly BookedEntry[] } | undefined {
  if (type !== 'TransactionPosted' || !data.startsWith(start)) return undefined;
  const entries: BookedEntry[] = [];
  for (let at = start.length; ;) {
    entry.lastIndex = at;
    const found = entry.exec(data);
    if (found === null) return undefined;
    entries.push(bookedEntry(found));
    at = entry.lastIndex;
    if (found[11] !== '],') continue;
    transaction.lastIndex = at;
    return transaction.test(data) ? { entries } : undefined;
  }
}

/** By the places of what was found: taking an array apart goes through its iterator. */
function bookedEntry(found: RegExpExecArray): BookedEntry {
  const at = (place: number): string => found[place] as string;
  return {
    account: at(1),
    accountType: at(2) as BookedEntry['accountType'],
    after: {
      pendingCredits: own(at(3)),
      pendingDebits: own(at(4)),
      postedCredits: own(at(5)),
      postedDebits: own(at(6)),
      version: Number(at(7)),
    },
    amount: at(8),
    currency: at(9),
    direction: at(10) as Direction,
    effect: 'post',
  };
}

const own = (digits: string): string => (digits.length < cutChars ? digits : Buffer.from(digits).toString());
