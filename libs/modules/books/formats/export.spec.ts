import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredEvent } from '@fintech-ledger/envelope';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import { fileOf, MemoryBooks, textOf } from '../../../testing/books/memory-books';
import { exportFormats } from './export-formats';
import { importCsv } from './import-csv';
import { importNdjson } from './import-ndjson';
import { ImportRefused } from './problem';
import { ChainVerifier } from './verify-chain';

/** The fields of a line of CSV without line breaks in it. */
function readLine(line: string): { readonly fields: readonly string[] } {
  const fields = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field = '']) => field);
  return {
    fields: fields
      .slice(0, -1)
      .map((field) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field)),
  };
}

type Entry = readonly [string, string, 'debit' | 'credit', string];
const entries = (...of: Entry[]) =>
  of.map(([account, amount, direction, currency]) => ({ account, amount, direction, currency }));

/** Decides at once, and answers later, as a writer in another process does. */
class SlowToAnswer extends MemoryBooks {
  override async submit(...of: Parameters<MemoryBooks['submit']>): ReturnType<MemoryBooks['submit']> {
    const outcome = await super.submit(...of);
    await sleep(2);
    return outcome;
  }
}

async function marketplace(): Promise<MemoryBooks> {
  const books = new MemoryBooks('led_source');
  let key = 0;
  const submit = async (command: LedgerCommand): Promise<string> => {
    const outcome = await books.submit(command, `k${(key += 1)}`);
    if (outcome.kind === 'refused') throw new Error(outcome.refusal.detail);
    return (JSON.parse(outcome.answer) as { id: string }).id;
  };
  const open = (
    address: string,
    accountType: 'asset' | 'liability' | 'revenue',
    currency: string,
    terms = {},
  ) => submit({ type: 'OpenAccount', address, accountType, currency, ...terms });
  await books.declareUnit({ code: 'PTS-', exponent: 3, name: 'Points' });
  await open('cash:stripe', 'asset', 'USD', { metadata: { a: '1', b: '2' } });
  await open('Cash:Stripe', 'asset', 'USD');
  await open('merchants:acme', 'liability', 'USD', { minBalance: '0' });
  await open('merchants:points', 'liability', 'PTS-');
  await open('points', 'asset', 'PTS-');
  await open('old', 'asset', 'JPY');
  await submit({ type: 'CloseAccount', address: 'old' });
  await submit({ type: 'AmendAccount', address: 'cash:stripe', metadata: { a: null, b: '3' } });
  const pay = (amount: string, more = {}): Promise<string> =>
    submit({
      type: 'PostTransaction',
      entries: entries(['cash:stripe', amount, 'debit', 'USD'], ['merchants:acme', amount, 'credit', 'USD']),
      ...more,
    });
  const first = await pay('1000', {
    description: 'a "b"; c\nd',
    reference: 'r-1',
    effectiveAt: '2024-02-29T12:00:00.000Z',
  });
  await submit({
    type: 'PostTransaction',
    entries: entries(['points', '1500', 'debit', 'PTS-'], ['merchants:points', '1500', 'credit', 'PTS-']),
  });
  await submit({
    type: 'PostTransaction',
    entries: entries(['Cash:Stripe', '7', 'debit', 'USD'], ['cash:stripe', '7', 'credit', 'USD']),
  });
  await submit({ type: 'ReverseTransaction', transactionId: first, amount: '400' });
  const hold = await pay('300', {
    pending: true,
    expiresAt: '2026-11-02T00:00:00.000Z',
    reference: 'captured twice',
  });
  await submit({ type: 'CaptureHold', transactionId: hold, amount: '100', final: false });
  await submit({ type: 'CaptureHold', transactionId: hold, amount: '50', final: true });
  const voided = await pay('20', { pending: true });
  await submit({ type: 'VoidHold', transactionId: voided });
  await pay('33', { pending: true, expiresAt: '2026-12-01T00:00:00.000Z' });
  await submit({ type: 'FreezeAccount', address: 'Cash:Stripe' });
  return books;
}

describe('an ndjson export', () => {
  it('makes an empty ledger the same, once', async () => {
    const source = await marketplace();
    const text = await textOf(exportFormats.ndjson.write(source.source()));
    const target = new MemoryBooks('led_target');
    // Later than when the holds would have expired.
    target.now = '2027-01-01T00:00:00.000Z';
    const options = { allowOverdraft: true };
    const summary = await importNdjson(fileOf(text), target, options);
    expect(summary.errors).toEqual([]);
    expect(summary.units_declared).toEqual(['PTS-']);
    expect(target.balances()).toEqual(source.balances());
    expect(target.balances()['cash:stripe']).toBe('743 USD / 33');

    const events = target.recorded.length;
    const again = await importNdjson(fileOf(text), target, options);
    expect(again).toMatchObject({ errors: [], accounts_opened: 0, transactions: { imported: 0 } });
    expect(target.recorded).toHaveLength(events);

    const copy = await textOf(exportFormats.ndjson.write(target.source()));
    const objects = (lines: string): string[] =>
      lines
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { object: string }).object);
    expect(objects(copy).filter((object) => object !== 'account_amendment')).toEqual(
      objects(text).filter((object) => object !== 'account_amendment'),
    );
  });

  it('is booked in its order: what a line releases or captures is there for the next', async () => {
    const source = new MemoryBooks('led_bounded');
    let key = 0;
    const submit = async (command: LedgerCommand): Promise<string> => {
      const outcome = await source.submit(command, `k${(key += 1)}`);
      if (outcome.kind === 'refused') throw new Error(outcome.refusal.detail);
      return (JSON.parse(outcome.answer) as { id: string }).id;
    };
    await submit({ type: 'OpenAccount', address: 'cash', accountType: 'asset', currency: 'USD' });
    const bounds = { minBalance: '0', maxBalance: '100' };
    await submit({
      type: 'OpenAccount',
      address: 'acme',
      accountType: 'liability',
      currency: 'USD',
      ...bounds,
    });
    const move = (from: string, to: string, more = {}): Promise<string> =>
      submit({
        type: 'PostTransaction',
        entries: entries([from, '100', 'debit', 'USD'], [to, '100', 'credit', 'USD']),
        ...more,
      });
    for (let n = 0; n < 10; n += 1) {
      // Each step is possible only after the one before.
      await submit({ type: 'CaptureHold', transactionId: await move('cash', 'acme', { pending: true }) });
      const back = await move('acme', 'cash', { pending: true });
      await submit({ type: 'VoidHold', transactionId: back });
      await submit({ type: 'ReverseTransaction', transactionId: await move('acme', 'cash') });
      await move('acme', 'cash');
    }
    const copy = new SlowToAnswer('led_copy');
    const text = await textOf(exportFormats.ndjson.write(source.source()));
    const { errors } = await importNdjson(fileOf(text), copy, {});
    expect(errors).toEqual([]);
    expect(copy.recorded.map(({ type }) => type)).toEqual(source.recorded.map(({ type }) => type));
  });

  it('changes terms of accounts that are outside of their bounds as the source did', async () => {
    const source = new MemoryBooks('led_bounded');
    const submit = async (command: LedgerCommand): Promise<string> => {
      const outcome = await source.submit(command, `k${source.recorded.length}`);
      if (outcome.kind === 'refused') throw new Error(outcome.refusal.detail);
      return (JSON.parse(outcome.answer) as { id: string }).id;
    };
    const pay = (amount: string, from: string, to: string): Promise<string> =>
      submit({
        type: 'PostTransaction',
        entries: entries([from, amount, 'debit', 'USD'], [to, amount, 'credit', 'USD']),
      });
    const usd = { type: 'OpenAccount', currency: 'USD' } as const;
    await submit({ ...usd, address: 'cash', accountType: 'asset' });
    await submit({ ...usd, address: 'm', accountType: 'liability', minBalance: '0', maxBalance: '1000' });
    const paid = await pay('100', 'cash', 'm');
    await pay('100', 'm', 'cash');
    await submit({ type: 'ReverseTransaction', transactionId: paid, allowOverdraft: true });
    await submit({ type: 'AmendAccount', address: 'm', metadata: { tier: 'x' } });
    await submit({ type: 'AmendAccount', address: 'm', maxBalance: '5000' });
    await pay('2000', 'cash', 'm');
    const text = await textOf(exportFormats.ndjson.write(source.source()));
    const copy = new MemoryBooks('led_copy');
    const { errors } = await importNdjson(fileOf(text), copy, { allowOverdraft: true });
    expect(errors).toEqual([]);
    expect(copy.balances()).toEqual(source.balances());
    expect(await copy.account('m')).toMatchObject({ maxBalance: 5000n, metadata: { tier: 'x' } });
  });

  it('has what was booked beyond the terms of accounts booked so by who may, under the key of earlier releases', async () => {
    const books = new MemoryBooks('led_copy');
    const open = { type: 'OpenAccount', currency: 'USD', accountType: 'asset' } as const;
    await books.submit({ ...open, address: 'full', maxBalance: '5' }, 'a');
    await books.submit({ ...open, address: 'shut' }, 'b');
    await books.submit({ type: 'CloseAccount', address: 'shut' }, 'c');
    const line = {
      object: 'transaction',
      id: 'txn_1',
      entries: entries(['full', '10', 'debit', 'USD'], ['shut', '10', 'credit', 'USD']),
    };
    const file = (of: object): ReturnType<typeof fileOf> => fileOf(JSON.stringify(of));
    const options = { allowOverdraft: true };
    const { errors } = await importNdjson(file({ ...line, judged: false }), books, {});
    expect(errors).toMatchObject([{ code: 'account_closed' }]);
    const judged = await importNdjson(file(line), books, options);
    expect(judged.errors).toMatchObject([{ code: 'account_closed' }]);
    const before = books.recorded.length;
    expect(await importNdjson(file({ ...line, judged: false }), books, options)).toMatchObject({
      ...{ errors: [], transactions: { imported: 1 } },
    });
    expect(books.balances()).toEqual({ full: '10 USD', shut: '-10 USD' });
    expect(books.recorded.slice(before).map(({ type }) => type)).toEqual(['TransactionImported']);
    // An export of an earlier release says the same without it.
    expect(await importNdjson(file(line), books, options)).toMatchObject({
      ...{ errors: [], transactions: { imported: 0, skipped: 1 } },
    });
    const hold = { ...line, id: 'txn_2', judged: false, pending: true };
    expect((await importNdjson(file(hold), books, options)).errors).toMatchObject([
      { code: 'account_closed' },
    ]);
    expect((await importNdjson(file({ ...line, judged: true }), books, options)).errors).toMatchObject([
      { code: 'malformed_line', column: 'judged' },
    ]);
  });

  it('is not imported into the ledger that it is of', async () => {
    const source = await marketplace();
    const text = await textOf(exportFormats.ndjson.write(source.source()));
    await expect(importNdjson(fileOf(text), source, {})).rejects.toThrow(ImportRefused);
  });

  it('says so when it was cut short', async () => {
    const source = await marketplace();
    const text = await textOf(exportFormats.ndjson.write(source.source()));
    const cut = text.slice(0, text.lastIndexOf('{"object":"end"'));
    const summary = await importNdjson(fileOf(cut), new MemoryBooks('led_2'), {});
    expect(summary.errors).toMatchObject([{ code: 'malformed_line' }]);
  });

  it.each([
    ['malformed_json', '{'],
    ['malformed_line', '{"object":"transaction"}'],
    ['malformed_line', '{"object":"nothing"}'],
    ['malformed_line', '[]'],
    ['unknown_field', '{"object":"void","transaction":"txn_1","x":1}'],
    ['unknown_transaction', '{"object":"void","transaction":"txn_1"}'],
    ['account_differs', '{"object":"account","address":"a","type":"equity","currency":"USD"}'],
    ['unknown_currency', '{"object":"account","address":"b","type":"asset","currency":"NOPE"}'],
  ])('refuses a line: %s', async (code, line) => {
    const books = new MemoryBooks();
    await books.submit({ type: 'OpenAccount', address: 'a', accountType: 'asset', currency: 'USD' }, 'k');
    const summary = await importNdjson(fileOf(`\n${line}\n`), books, {});
    expect(summary.errors).toMatchObject([{ code, line: 2 }]);
    expect(books.recorded).toHaveLength(1);
  });
});

describe('a csv export', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', "plain, 'quoted'"])(
    'makes no formula of %j for a spreadsheet, and keeps it otherwise',
    async (description) => {
      const books = await marketplace();
      const [debit, credit] = ['debit', 'credit'] as const;
      await books.submit(
        {
          type: 'PostTransaction',
          entries: entries(['cash:stripe', '1', debit, 'USD'], ['merchants:acme', '1', credit, 'USD']),
          description,
          reference: description,
        },
        'formula',
      );
      const cells = async (isSafe: boolean): Promise<readonly string[]> => {
        const lines = (await textOf(exportFormats.csv.write(books.source(), { isSafe })))
          .trimEnd()
          .split('\r\n');
        const { fields } = readLine(lines.at(-1) ?? '');
        return fields;
      };
      const quoted = /^plain/.test(description) ? description : `'${description}`;
      expect((await cells(false)).slice(-3, -1)).toEqual([description, description]);
      expect((await cells(true)).slice(-3, -1)).toEqual([quoted, quoted]);
      // A number is none, whatever its sign.
      expect(await cells(true)).toContain('-0.01');
    },
  );

  it('gives the same posted balances, without being told its columns', async () => {
    const source = await marketplace();
    const text = await textOf(exportFormats.csv.write(source.source()));
    const target = new MemoryBooks('led_target');
    target.units.set('PTS-', { exponent: 3, name: 'Points' });
    const summary = await importCsv(fileOf(text), target, {});
    expect(summary.errors).toEqual([]);
    const posted = Object.entries(source.balances()).map(([address, balance]) => [
      address,
      balance.replace(/ \/.*/, ''),
    ]);
    expect(target.balances()).toEqual(Object.fromEntries(posted));
  });
});

describe('the journals', () => {
  it.each(['hledger', 'beancount'] as const)(
    '%s keeps names apart and restores those of a source',
    async (format) => {
      const source = await marketplace();
      const head = 'transaction,date,account,amount,unit\n';
      const lines =
        '1,2024-01-01,assets:a b,1,h\n1,2024-01-01,equity:x,-1,h\n2,2024-01-01,assets:a b,1,USD\n2,2024-01-01,equity:x,-1,USD\n';
      await importCsv(fileOf(head + lines), source, {});
      const text = await textOf(exportFormats[format].write(source.source()));
      expect(text).toMatchSnapshot();
    },
  );
});

describe('ChainVerifier', () => {
  it('names the first revision that was altered', async () => {
    const { recorded: events } = await marketplace();
    const verify = (list: readonly StoredEvent[]) => {
      const verifier = new ChainVerifier();
      for (const event of list) {
        const broken = verifier.check(event);
        if (broken !== undefined) return broken;
      }
      return { totals: verifier.totals.get('USD') };
    };
    const { totals } = verify(events) as { totals: { debits: bigint; credits: bigint } };
    expect(totals.debits).toBe(totals.credits);
    expect(verify(events.filter(({ revision }) => revision !== 3))).toMatchObject({ revision: 3 });
    const altered = events.map((event) => ({
      ...event,
      data: event.data.replace('"amount":"1000"', '"amount":"1001"'),
    }));
    expect(verify(altered)).toMatchObject({ revision: 8 });
    const twice = events.map((event) => ({
      ...event,
      data: event.data.replace('"amount":"1000"', '"amount":"1","amount":"1000"'),
    }));
    expect(verify(twice)).toMatchObject({ revision: 8 });
  });
});
