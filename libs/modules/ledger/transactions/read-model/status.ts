import type { TransactionStatus } from '@fintech-ledger/ledger/domain';

/** One letter per status in the rows. */
export const statusLetters: Readonly<Record<TransactionStatus, string>> = {
  posted: 'P',
  pending: 'H',
  voided: 'V',
  expired: 'E',
};

const names = new Map(
  Object.entries(statusLetters).map(([name, letter]) => [letter, name as TransactionStatus]),
);

export function statusOf(letter: string): TransactionStatus {
  const status = names.get(letter);
  if (status === undefined) throw new Error(`the letter ${letter} stands for no status`);
  return status;
}
