import type { TransactionLine } from '@fintech-ledger/ledger/domain';

/** `[account, D or C, amount, currency]`, and `[held, captured, reversed]` when the line is not plainly posted. */
type PackedLine = readonly [string, string, string, string, string?, string?, string?];

/** Lines as the row keeps them: JSON, a third as long as with names. */
export function packLines(lines: readonly TransactionLine[]): string {
  return JSON.stringify(
    lines.map(({ account, direction, amount, currency, held, captured, reversed }): PackedLine => {
      const side = direction === 'debit' ? 'D' : 'C';
      const isPlain = held === '0' && captured === amount && reversed === '0';
      return isPlain
        ? [account, side, amount, currency]
        : [account, side, amount, currency, held, captured, reversed];
    }),
  );
}

export function unpackLines(text: string): readonly TransactionLine[] {
  return (JSON.parse(text) as readonly PackedLine[]).map(
    ([account, side, amount, currency, held = '0', captured = amount, reversed = '0']) => ({
      account,
      direction: side === 'D' ? 'debit' : 'credit',
      amount,
      currency,
      held,
      captured,
      reversed,
    }),
  );
}
