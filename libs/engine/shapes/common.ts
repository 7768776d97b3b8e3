import { flag, mark, nullable, object, record, text } from './shape';
import type { Shape } from './shape';

const plain = text('A text of at most 500 characters.', '1001');
const ofSubject = object(
  {
    subject: text('The id of the data subject.', 'sub_1'),
    value: nullable(plain, 'value'),
    erased: mark('Only where the data subject was erased, and then true.'),
    unreadable: mark('Only where the key of the data subject is lost, and then true: it may be restored.'),
  },
  'A value of a data subject; null when they were erased, or their key is lost.',
);
/** Within the product it is a text, sealed: whoever shows it opens it. */
const value: Shape<string> = { ...plain, json: { anyOf: [plain.json, ofSubject.json] } };

export const metadata = record(value, "The client's own keys and values, sorted by key.", { order: '1001' });

const livemodeMeans = 'Whether it is of a live environment, and not of a sandbox.';
/** As the events of an object say it. */
export const livemode = flag(livemodeMeans, false);
/** Of an object whose events do not say it: it is that of the key that asks. */
export const livemodeOfKey = flag(livemodeMeans, true);

/** `<ledger>@<revision>`; outside a ledger `<organization>@<revision>`. */
export const position = text(
  'What the answer stands for: `<ledger>@<revision>`, outside a ledger `<organization>@<revision>`. ' +
    'Give it as `Ledger-Min-Position` to read what was written.',
  'led_1@42',
);
export const dryRun = mark('Only in the answer to a dry run, and then true: nothing was written.');

/** What every command's answer has in addition. */
export const answered = { position, dry_run: dryRun } as const;
