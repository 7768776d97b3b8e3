import { mark, record, text } from './shape';

export const metadata = record(
  text('A text of at most 500 characters.', '1001'),
  "The client's own keys and values, sorted by key.",
  { order: '1001' },
);

/** `<ledger>@<revision>`; outside a ledger `<organization>@<revision>`. */
export const position = text(
  'What the answer stands for: `<ledger>@<revision>`, outside a ledger `<organization>@<revision>`. ' +
    'Give it as `Ledger-Min-Position` to read what was written.',
  'led_1@42',
);
export const dryRun = mark('Only in the answer to a dry run, and then true: nothing was written.');

/** What every command's answer has in addition. */
export const answered = { position, dry_run: dryRun } as const;
