import { canonicalJson } from '@fintech-ledger/envelope';
import { ledgerEvents } from '@fintech-ledger/ledger/domain';
import { readdirSync, readFileSync } from 'node:fs';
import { entriesOf } from './entries-of';

const name = 'TransactionPosted';
const folder = `${__dirname}/../../../../schemas/ledger/events/${name}`;
const examples = readdirSync(folder)
  .filter((file) => file.includes('.example'))
  .map((file): [string, string] => [
    file,
    canonicalJson(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))),
  ]);
interface Data {
  readonly entries: readonly object[];
}
const parsed = (text: string): Data => JSON.parse(text) as Data;
const [, first = ''] = examples[0] ?? [];

describe('the entries of a transaction without parsing it', () => {
  it.each(examples)('are those of %s', (_, text) => {
    expect(entriesOf(name, text)).toEqual({ entries: parsed(text).entries });
  });

  it('come with all that each version of the type always has', () => {
    for (const { schema } of ledgerEvents.of(name).versions)
      expect([...schema.present].sort()).toEqual(['entries', 'transaction']);
  });

  it('are left to the parser in events of other types', () => {
    expect(entriesOf('HoldPlaced', first)).toBeUndefined();
  });
});
