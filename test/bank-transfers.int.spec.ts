import path from 'node:path';
import { sameRowsInAnyBatches } from './support/any-batches';
import { HttpSpec } from './support/http-spec';
import { installOnce, runTool } from './support/installed-tools';
import { allRows, linesWith } from './support/all-rows';
import type { HttpAnswer, HttpRequest } from './support/http-spec';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';
import { heldAgainst } from './support/iso20022-schemas';
import { documentedFetch } from './support/documented-fetch';
import { statementXml } from './support/bank-statement';
import type { StatementEntry } from './support/bank-statement';

jest.setTimeout(240_000);

/** See `camt053/limits.ts`. */
const statementBytesMax = 16 * 1_024 * 1_024;
type Json = Readonly<Record<string, unknown>>;
const sandboxIban = 'DE89370400440532013000';

describe.each(['embedded', 'distributed'] as const)('bank transfers of the %s product', (mode) => {
  let parts: PartsInProcess;
  let http: HttpSpec;
  let key = '';
  let ledger = '';
  let statements = 0;
  let balance = 0;

  const ask = (request: HttpRequest): Promise<HttpAnswer> => http.ask({ apiKey: key, ...request });
  const get = async (at: string): Promise<Json> => {
    const { status, json } = await ask({ path: at });
    expect([status, json]).toEqual([200, json]);
    return json;
  };
  const send = async (method: 'POST' | 'PUT' | 'PATCH', at: string, body?: object): Promise<Json> => {
    const { status, json } = await ask({ method, path: at, ...(body && { body }) });
    expect([Math.floor(status / 100), json]).toEqual([2, json]);
    return json;
  };
  const upload = async (
    xml: string | Buffer,
    query = '',
    idempotencyKey?: string,
  ): Promise<{ readonly status: number; readonly json: Json; readonly isReplay: boolean }> => {
    const answer = await documentedFetch(`${parts.url}/v1/bank_statements${query}`, {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${key}`, 'content-type': 'application/xml' },
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      body: xml,
    });
    const isReplay = answer.headers.get('idempotency-replayed') === 'true';
    return { status: answer.status, json: (await answer.json()) as Json, isReplay };
  };
  const imported = async (
    ...entries: readonly StatementEntry[]
  ): Promise<{ readonly xml: string; readonly json: Json }> => {
    statements += 1;
    const xml = statementXml({
      iban: sandboxIban,
      currency: 'EUR',
      id: `S-${statements}`,
      opening: balance,
      entries,
    });
    balance = entries.reduce((sum, { amount }) => sum + amount, balance);
    const { status, json } = await upload(xml);
    expect([status, json]).toEqual([201, json]);
    return { xml, json };
  };
  const pay = async (more: object = {}): Promise<Json> =>
    send('POST', '/v1/payments', {
      amount: '10000',
      currency: 'EUR',
      rail: 'bank_transfer',
      confirm: true,
      ...more,
    });
  const referenceOf = (payment: Json): string => String((payment['next_action'] as Json)['reference']);
  const lines = async (query: string): Promise<readonly Json[]> =>
    (await get(`/v1/bank_statement_lines?${query}`))['data'] as readonly Json[];
  const statusOf = async (payment: Json): Promise<unknown> =>
    (await get(`/v1/payments/${String(payment['id'])}`))['status'];
  const inBooks = async (account: string): Promise<string> => {
    const { status, json } = await ask({
      path: `/v1/ledgers/${ledger}/accounts/payments:${account}:EUR/balance`,
    });
    return status === 404 ? '0' : String((json['posted'] as Json)['balance']);
  };

  beforeAll(async () => {
    parts = await startParts(mode);
    http = new HttpSpec(parts.url, parts.apiKey, '');
    const { json } = await http.ask({
      method: 'POST',
      path: '/v1/sandboxes',
      apiKey: parts.apiKey,
      body: { name: mode },
    });
    key = String(json['api_key']);
    ledger = String((await get('/v1/payments_ledger'))['id']);
  });
  afterAll(() => parts?.close());

  it('pass over entries of nothing, which some banks write', async () => {
    const before = await get('/v1/balance');
    const { json } = await imported({ amount: 0, name: 'A charge that was waived' });
    expect(json).toMatchObject({ statements: [{ lines: 0, matched: 0, parked: 0, imported_before: false }] });
    expect(await get('/v1/balance')).toEqual(before);
    expect(await statusOf(await pay())).toBe('requires_action');
  });

  it('show the payer where to pay, and settle with the statement that names the reference', async () => {
    const payment = await pay();
    expect(payment).toMatchObject({
      status: 'requires_action',
      rail: 'bank_transfer',
      payment_method: null,
      next_action: {
        type: 'display_bank_transfer_instructions',
        ...{ iban: sandboxIban, amount: '10000', currency: 'EUR', expires_at: payment['expires_at'] },
      },
    });
    expect(referenceOf(payment)).toMatch(/^RF\d\d[0-9A-Z]{16}$/);
    const described = await send('PATCH', `/v1/payments/${String(payment['id'])}`, {
      description: 'order 7',
    });
    expect(referenceOf(described)).toBe(referenceOf(payment));
    const written = referenceOf(payment).replace(/(.{4})/g, '$1 ');
    const { xml, json } = await imported({
      amount: 10_000,
      text: `order 7, ${written}`,
      name: 'Jenny Rosenkavalier',
    });
    expect(json).toMatchObject({
      statements: [{ lines: 1, matched: 1, parked: 0, continues: true, imported_before: false }],
    });
    expect(await statusOf(payment)).toBe('succeeded');
    // Sent again, nothing changes.
    const before = await get('/v1/balance');
    const again = await upload(xml);
    expect(again).toMatchObject({ status: 200, json: { statements: [{ imported_before: true, lines: 1 }] } });
    expect(await get('/v1/balance')).toEqual(before);
    expect(again.json).not.toMatchObject({ statements: [{ differs: true }] });
    // Another one under its id is not booked either, and says so.
    const other = await upload(xml.replace('Jenny Rosenkavalier', 'X').replaceAll('100.00', '90.00'));
    expect(other).toMatchObject({
      status: 200,
      json: { statements: [{ imported_before: true, differs: true, closing_balance: '10000' }] },
    });
    expect(await get('/v1/balance')).toEqual(before);
    expect(before).toMatchObject({ available: [{ amount: '10000', currency: 'EUR' }] });
    const [line] = await lines(`payment=${String(payment['id'])}`);
    expect(line).toMatchObject({ status: 'matched', amount: '0', party_name: 'Jenny Rosenkavalier' });
  });

  it('wait for all parts, and park what is too much, late or unknown', async () => {
    const payment = await pay();
    await imported({ amount: 4_000, reference: referenceOf(payment) });
    expect(await statusOf(payment)).toBe('requires_action');
    expect(await lines(`payment=${String(payment['id'])}&status=parked`)).toMatchObject([
      { amount: '4000', parked_because: 'awaiting_rest' },
    ]);
    await imported({ amount: 6_100, reference: referenceOf(payment) });
    expect(await statusOf(payment)).toBe('succeeded');
    await imported({ amount: 900, text: 'a gift' }, { amount: 10_000, reference: referenceOf(payment) });
    const parked = await lines('status=parked');
    expect(parked.map(({ amount, parked_because }) => [amount, parked_because])).toEqual([
      ['10000', 'not_waiting'],
      ['900', 'no_match'],
      ['100', 'surplus'],
    ]);
    expect(await inBooks('unapplied')).toBe('11000');
    expect(await inBooks('bank')).toBe(String(balance));
  });

  it('find a payment by its amount and the name of its customer', async () => {
    const customer = await send('POST', '/v1/customers', { name: 'Jürgen Groß' });
    const payment = await pay({ amount: '7777', customer: customer['id'] });
    await imported({ amount: 7_777, name: 'GROSS, JURGEN', text: 'thank you' });
    expect(await statusOf(payment)).toBe('succeeded');
  });

  it('are matched by hand, or returned, and refunds leave with their statement', async () => {
    const payment = await pay({ amount: '900' });
    const [gift] = (await lines('status=parked')).filter(({ amount }) => amount === '900');
    const at = `/v1/bank_statement_lines/${String(gift?.['id'])}`;
    const tried = await send('POST', `${at}/match?dry_run=true`, { payment: payment['id'] });
    expect(tried).toMatchObject({ status: 'matched', dry_run: true });
    expect(await send('POST', `${at}/match`, { payment: payment['id'] })).toMatchObject({
      status: 'matched',
      amount: '0',
    });
    expect(await statusOf(payment)).toBe('succeeded');
    const refund = await send('POST', '/v1/refunds', { payment: payment['id'], amount: '300' });
    expect(refund['status']).toBe('pending');
    const [late] = (await lines('status=parked')).filter(({ amount }) => amount === '10000');
    const returned = await send('POST', `/v1/bank_statement_lines/${String(late?.['id'])}/return`);
    expect(returned).toMatchObject({ status: 'returned', amount: '0', returned_at: null });
    await imported(
      { amount: -300, endToEndId: String(refund['id']) },
      { amount: -10_000, endToEndId: String(late?.['id']) },
    );
    expect((await get(`/v1/refunds/${String(refund['id'])}`))['status']).toBe('succeeded');
    expect((await get(`/v1/bank_statement_lines/${String(late?.['id'])}`))['returned_at']).not.toBeNull();
    expect(await inBooks('refunds_in_transit')).toBe('0');
    const history = await get(`/v1/bank_statement_lines/${String(late?.['id'])}/history`);
    expect((history['data'] as readonly Json[]).map(({ type }) => type)).toEqual([
      'bank_statement_line.return_paid',
      'bank_statement_line.returned',
      'bank_statement_line.created',
    ]);
  });

  it('are taken back where the bank has not carried them out, and what comes back is booked as that', async () => {
    const payment = await pay({ amount: '5000' });
    const id = String(payment['id']);
    await imported({ amount: 5_000, reference: referenceOf(payment) }, { amount: 800, text: 'an error' });
    const available = async (): Promise<unknown> => (await get('/v1/balance'))['available'];
    const before = await available();
    const rejected = await send('POST', '/v1/refunds', { payment: id });
    const resolve = `/v1/refunds/${String(rejected['id'])}/resolve`;
    expect(await ask({ method: 'POST', path: resolve, body: { outcome: 'refunded' } })).toMatchObject({
      json: { code: 'call_not_open' },
    });
    expect(
      await send('POST', resolve, { outcome: 'refund_failed', failure_reason: 'rejected' }),
    ).toMatchObject({
      ...{ status: 'failed', failure_reason: 'rejected' },
    });
    expect(await available()).toEqual(before);
    const refund = await send('POST', '/v1/refunds', { payment: id, amount: '2500' });
    await imported({ amount: -2_500, text: String(refund['id']) }, { amount: 2_500, text: 'account closed' });
    const parked = async (amount: string): Promise<string> => {
      const [line] = (await lines('status=parked')).filter((each) => each['original_amount'] === amount);
      return `/v1/bank_statement_lines/${String(line?.['id'])}`;
    };
    await send('POST', `${await parked('2500')}/match`, { refund: refund['id'] });
    expect(await get(`/v1/refunds/${String(refund['id'])}`)).toMatchObject({
      ...{ status: 'failed', failure_reason: 'returned' },
    });
    expect(await available()).toEqual(before);
    const gift = await parked('800');
    await send('POST', `${gift}/return`);
    expect(await send('POST', `${gift}/cancel_return`)).toMatchObject({
      ...{ amount: '800', parked_because: 'no_match', status: 'parked' },
    });
    expect((await get(`${gift}/history`))['data']).toMatchObject([
      { type: 'bank_statement_line.return_canceled' },
      { type: 'bank_statement_line.returned' },
      { type: 'bank_statement_line.created' },
    ]);
    await send('POST', `${gift}/return`);
    await imported({ amount: -800, text: 'sent back' });
    await send('POST', `${await parked('800')}/match`, { bank_statement_line: gift.split('/').at(-1) });
    expect(await get(gift)).toMatchObject({ status: 'returned', returned_at: expect.any(String) as unknown });
    // The bank has carried it out after all.
    await imported({ amount: -5_000, text: String(rejected['id']) });
    await send('POST', `${await parked('5000')}/match`, { refund: rejected['id'] });
    const late = `/v1/refunds/${String(rejected['id'])}`;
    expect(await get(late)).toMatchObject({ failure_reason: null, status: 'succeeded' });
    expect((await get(`${late}/history`))['data']).toMatchObject([
      ...[{ type: 'refund.succeeded' }, { type: 'refund.created' }],
      ...[{ type: 'refund.failed' }, {}, { type: 'refund.created' }],
    ]);
    expect(await inBooks('refunds_in_transit')).toBe('0');
    expect(await inBooks('bank')).toBe(String(balance));
  });

  it('have their texts cut between characters where they are too long', async () => {
    const long = (max: number): string => `${'a'.repeat(max - 1)}😀`;
    const entry = { amount: 4_321, bankReference: long(64), name: long(140), text: `${long(1_000)} x` };
    await imported({ ...entry, endToEndId: long(64) });
    expect((await lines('status=parked')).find(({ amount }) => amount === '4321')).toMatchObject({
      bank_reference: 'a'.repeat(63),
      end_to_end_id: 'a'.repeat(63),
      party_name: 'a'.repeat(139),
      remittance: 'a'.repeat(999),
    });
  });

  it('keep what is personal of a line encrypted, and forget it', async () => {
    const secret = {
      name: `Sieglinde Nachtigall ${mode}`,
      text: `rent of flat 77 ${mode}`,
      iban: 'GB33BUKB20201555555555',
    };
    await imported({ amount: 1_234, ...secret });
    const [line] = await lines('status=parked&direction=credit');
    expect(line).toMatchObject({ party_name: secret.name, party_iban: secret.iban, remittance: secret.text });
    const rows = await allRows(parts.database);
    for (const value of Object.values(secret)) expect(linesWith(rows, value)).toEqual([]);
    const at = `/v1/bank_statement_lines/${String(line?.['id'])}`;
    const nobody = { party_name: null, party_iban: null, remittance: null };
    expect(await send('POST', `${at}/erase?dry_run=true`)).toMatchObject({ ...nobody, dry_run: true });
    expect(await get(at)).toMatchObject({ party_name: secret.name });
    expect(await send('POST', `${at}/erase`)).toMatchObject({ ...nobody, amount: '1234' });
    const { rows: left } = await parts.database.query(
      'select from privacy.subject_keys where id = $1 and wrapped is not null',
      [String(line?.['id']).replace('bsl_', 'sub_')],
    );
    expect(left).toEqual([]);
    expect(await get(at)).toMatchObject(nobody);
    expect(await get(`${at}/history`)).toMatchObject({
      data: [{}, { changes: expect.anything() as unknown }],
    });
    expect(JSON.stringify(await get(`${at}/history`))).not.toContain(secret.name);
  });

  it('take more lines than one append has, and go on where an import ended', async () => {
    const entries = Array.from({ length: 230 }, (_, n) => ({ amount: n + 1, text: `many ${n}` }));
    const { json } = await imported(...entries);
    expect(json).toMatchObject({ statements: [{ lines: 230, lines_imported: 230, parked: 230 }] });
    expect(await inBooks('bank')).toBe(String(balance));
  });

  describe('under an idempotency key', () => {
    const fileOf = (...numbers: readonly (readonly [string, number])[]): string => {
      const each = numbers.map(([id, count]) =>
        statementXml({
          ...{ iban: sandboxIban, currency: 'EUR', id, opening: 0 },
          entries: Array.from({ length: count }, (_, n) => ({ amount: 1, text: `${id} ${n}` })),
        }),
      );
      const all = each.map((xml) => /<Stmt>.*<\/Stmt>/s.exec(xml)?.[0] ?? '');
      return (each[0] ?? '').replace(all[0] ?? '', all.join(''));
    };
    const imports = (json: Json): readonly Json[] => json['statements'] as readonly Json[];

    it('get the first answer again, whatever was imported since', async () => {
      const file = fileOf(['K-1', 230], ['K-2', 1]);
      const tried = await upload(file, '?dry_run=true', 'statements');
      expect(tried).toMatchObject({ status: 201, isReplay: false, json: { dry_run: true } });
      const first = await upload(file, '', 'statements');
      expect(imports(first.json)).toMatchObject([
        { lines_imported: 230, imported_before: false },
        { lines_imported: 1, imported_before: false },
      ]);
      expect([first.status, first.isReplay]).toEqual([201, false]);
      balance += 231;
      expect(await inBooks('bank')).toBe(String(balance));
      expect((await upload(fileOf(['K-3', 1]))).status).toBe(201);
      balance += 1;
      for (const query of ['', '?dry_run=true'])
        expect(await upload(file, query, 'statements')).toEqual({ ...first, isReplay: true });
      expect(await inBooks('bank')).toBe(String(balance));
    });

    it('keep it of one that changes nothing, and of two requests at once', async () => {
      const file = fileOf(['K-3', 1], ['K-4', 101]);
      const [one, other] = await Promise.all([upload(file, '', 'at once'), upload(file, '', 'at once')]);
      expect(one.json).toEqual(other.json);
      expect(imports(one.json).map((each) => each['imported_before'])).toEqual([true, false]);
      balance += 101;
      const known = await upload(file, '', 'known');
      expect(known).toMatchObject({ status: 200, isReplay: false });
      for (const [idempotencyKey, { status, json }] of [
        ['at once', one],
        ['known', known],
      ] as const)
        expect(await upload(file, '', idempotencyKey)).toEqual({ status, json, isReplay: true });
      expect(await inBooks('bank')).toBe(String(balance));
    });

    it('refuse another file, and leave no key behind where they are refused', async () => {
      const [bad, good] = [
        fileOf(['K-6', 1]).replaceAll(sandboxIban, 'GB33BUKB20201555555555'),
        fileOf(['K-6', 1]),
      ];
      expect(await upload(bad, '', 'once')).toMatchObject({ json: { code: 'unknown_bank_account' } });
      expect(await upload(good, '', 'once')).toMatchObject({ status: 201, isReplay: false });
      balance += 1;
      for (const file of [bad, fileOf(['K-7', 1])])
        expect(await upload(file, '', 'once')).toMatchObject({
          ...{ status: 422, isReplay: false },
          json: { code: 'idempotency_key_reused' },
        });
      const { status, json } = await ask({
        ...{ method: 'POST', path: '/v1/customers', body: { name: 'Same key' } },
        headers: { 'idempotency-key': 'once' },
      });
      expect([status, json['code']]).toEqual([422, 'idempotency_key_reused']);
      expect(await inBooks('bank')).toBe(String(balance));
    });
  });

  describe('refuse', () => {
    const xml = statementXml({
      iban: sandboxIban,
      currency: 'EUR',
      id: 'BAD',
      opening: 0,
      entries: [{ amount: 100 }],
    });
    const place = '/Document/BkToCstmrStmt/Stmt[1]';
    it.each<[string, string, number, string, string | undefined]>([
      ['what is no XML', 'hello', 400, 'statement_malformed', undefined],
      ['XML that is cut off', xml.slice(0, 700), 400, 'statement_malformed', undefined],
      [
        'a document type',
        xml.replace('?>', '?><!DOCTYPE x [<!ENTITY e "x">]>'),
        400,
        'statement_malformed',
        undefined,
      ],
      ['an entity of its own', xml.replace('BAD', '&e;'), 400, 'statement_malformed', undefined],
      ['another encoding', xml.replace('UTF-8', 'ISO-8859-1'), 400, 'statement_malformed', undefined],
      [
        'another message',
        xml.replaceAll('camt.053.001.08', 'pain.001.001.09'),
        422,
        'statement_not_supported',
        '/Document',
      ],
      [
        'another version',
        xml.replaceAll('camt.053.001.08', 'camt.053.001.13'),
        422,
        'statement_not_supported',
        '/Document',
      ],
      [
        'sums that do not hold',
        xml.replace(
          '>1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>',
          '>2.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>',
        ),
        422,
        'statement_unbalanced',
        place,
      ],
      [
        'an account of somebody else',
        xml.replace(sandboxIban, 'GB33BUKB20201555555555'),
        422,
        'unknown_bank_account',
        `${place}/Acct`,
      ],
      [
        'another currency',
        xml.replace('<Ntry><Amt Ccy="EUR">', '<Ntry><Amt Ccy="USD">'),
        422,
        'statement_invalid',
        `${place}/Ntry[1]/Amt/@Ccy`,
      ],
      [
        'too many decimals',
        xml.replace('<Ntry><Amt Ccy="EUR">1.00', '<Ntry><Amt Ccy="EUR">1.001'),
        422,
        'statement_invalid',
        `${place}/Ntry[1]/Amt`,
      ],
      [
        'no amount',
        xml.replace('<Ntry><Amt Ccy="EUR">1.00</Amt>', '<Ntry>'),
        422,
        'statement_invalid',
        `${place}/Ntry[1]/Amt`,
      ],
      ['no closing balance', xml.replace('CLBD', 'CLAV'), 422, 'statement_invalid', `${place}/Bal`],
      [
        'a file without a statement',
        xml.replace(/<Stmt>.*<\/Stmt>/s, ''),
        422,
        'statement_invalid',
        '/Document/BkToCstmrStmt/Stmt',
      ],
    ])('%s', async (_what, file, status, code, param) => {
      const before = [await inBooks('bank'), (await get('/v1/bank_statements?limit=1'))['data']];
      const answer = await upload(file);
      expect({ ...answer.json, status: answer.status }).toMatchObject({
        status,
        code,
        ...(param !== undefined && { param }),
      });
      expect([await inBooks('bank'), (await get('/v1/bank_statements?limit=1'))['data']]).toEqual(before);
    });

    it('a file that is too large, of 100 MB too', async () => {
      for (const bytes of [statementBytesMax + 1, 100_000_000]) {
        const padding = Buffer.alloc(bytes - Buffer.byteLength(xml), ' ');
        const answer = await upload(
          Buffer.concat([
            Buffer.from(xml.replace('</Document>\n', '')),
            padding,
            Buffer.from('</Document>\n'),
          ]),
        );
        expect(answer).toMatchObject({ status: 413, json: { code: 'body_too_large' } });
      }
    });

    it('all of a file with one statement that is wrong', async () => {
      const two = xml.replace(
        '</Stmt>',
        `</Stmt>${/<Stmt>.*<\/Stmt>/s.exec(xml)?.[0].replace('BAD', 'WORSE').replace(sandboxIban, 'GB33BUKB20201555555555') ?? ''}`,
      );
      const answer = await upload(two);
      expect(answer.json).toMatchObject({
        code: 'unknown_bank_account',
        param: '/Document/BkToCstmrStmt/Stmt[2]/Acct',
      });
      expect(JSON.stringify(await get('/v1/bank_statements'))).not.toContain('"BAD"');
    });

    it('a body of another type, and none', async () => {
      const none = await ask({ method: 'POST', path: '/v1/bank_statements' });
      expect([none.status, none.json['code']]).toEqual([400, 'missing_body']);
      const json = await ask({ method: 'POST', path: '/v1/bank_statements', body: {} });
      expect([json.status, json.json['code']]).toEqual([415, 'unsupported_media_type']);
    });
  });

  it.each(['02', '08'])('read a statement that another maker wrote, of version %s', async (version) => {
    const environment = path.resolve(__dirname, '../.cache/pyiso20022/1.6.2');
    const python = path.join(environment, 'bin', 'python');
    installOnce(environment, () => {
      runTool('python3', ['-m', 'venv', environment]);
      const quietly = ['--quiet', '--disable-pip-version-check'];
      runTool(python, ['-m', 'pip', 'install', ...quietly, 'pyiso20022==1.6.2', 'xsdata==26.10']);
    });
    const payment = await pay({ amount: '123456' });
    const script = path.resolve(__dirname, './support/camt053_write.py');
    const xml = runTool(python, [script, version, sandboxIban, referenceOf(payment)]);
    expect(xml).toContain('ns0:');
    const { status, json } = await upload(xml);
    expect([status, json]).toMatchObject([
      201,
      { statements: [{ lines: 3, matched: 1, parked: 2, closing_balance: '145679' }] },
    ]);
    expect(json).toMatchObject({ statements: [{ continues: false, opening_balance: '20989' }] });
    balance += 124_690;
    expect(await statusOf(payment)).toBe('succeeded');
    const [payer] = await lines(`payment=${String(payment['id'])}`);
    expect(payer).toMatchObject({
      party_name: 'Åsa Lindström & Söner',
      party_iban: 'SE4550000000058398257466',
    });
  });

  describe('are reconciled', () => {
    const entryOf = async (rail: string, query = ''): Promise<Json> => {
      const { data } = await get(`/v1/reconciliation${query}`);
      return (data as readonly Json[]).find((each) => each['rail'] === rail) ?? {};
    };
    const change = (gross: number, fee: number): Promise<unknown> =>
      parts.database.query(
        `update rails.simulator_movements set gross = gross + $2, fee = fee + $3
          where environment = $1 and kind = 'payment'`,
        [environment, gross, fee],
      );
    const nothing = { lines: 0, gross: '0', fee: '0', net: '0' };
    let environment = '';
    let card: Json = {};

    beforeAll(async () => {
      const body = { name: `${mode} reconciled` };
      const made = await http.ask({ method: 'POST', path: '/v1/sandboxes', apiKey: parts.apiKey, body });
      environment = String(made.json['id']).replace('sbx_', 'org_');
      key = String(made.json['api_key']);
      ledger = String((await get('/v1/payments_ledger'))['id']);
      [balance, statements] = [0, 0];
      expect(await get('/v1/reconciliation')).toMatchObject({ data: [], livemode: false });
      card = await send('POST', '/v1/payments', {
        ...{ amount: '10000', currency: 'EUR', confirm: true, payment_method: 'pm_card_bypassPending' },
      });
      await send('POST', '/v1/refunds', { payment: card['id'], amount: '2500' });
    });

    it('with what the rail reports of payments, refunds and fees, to the cent', async () => {
      const totals = { lines: 2, gross: '7500', fee: '320', net: '7180' };
      const same = { differences: [], differences_total: 0, difference: '0', open: [], open_total: 0 };
      const none = { adjustments: [], adjustments_total: 0 };
      const account = 'payments:rails:simulator:clearing:EUR';
      expect(await entryOf('simulator')).toEqual({
        ...{ rail: 'simulator', currency: 'EUR', account },
        ...{ booked: totals, reported: totals, ...none, ...same },
      });
      for (const [gross, fee, type, difference] of [
        [1, 0, 'amount_differs', '1'],
        [0, 1, 'fee_differs', '-1'],
      ] as const) {
        await change(gross, fee);
        expect(await entryOf('simulator')).toMatchObject({
          difference,
          differences_total: 1,
          differences: [{ type, kind: 'payment', object: card['id'], difference, age_days: 0 }],
        });
        await change(-gross, -fee);
      }
      const [{ number } = { number: '' }] = (
        await parts.database.query<{ number: string }>(
          `insert into rails.simulator_movements (environment, settles_on, currency, kind, key, reference, gross, fee)
           values ($1, now() - interval '1 second', 'EUR', 'payment', 'k', 'sim_unknown', 100, 3) returning number`,
          [environment],
        )
      ).rows;
      expect(await entryOf('simulator')).toMatchObject({
        difference: '97',
        differences: [
          {
            ...{ type: 'missing_in_books', object: null, rail_reference: 'sim_unknown' },
            ...{ booked: null, reported: { gross: '100', fee: '3' }, difference: '97' },
          },
        ],
      });
      await parts.database.query('delete from rails.simulator_movements where number = $1', [number]);
      expect(await entryOf('simulator')).toMatchObject(same);
    });

    it('with statements, and what is not explained or confirmed by now is listed', async () => {
      const payment = await pay({ amount: '9000' });
      await imported({ amount: 9_000, reference: referenceOf(payment) }, { amount: 700, text: 'a gift' });
      const refund = await send('POST', '/v1/refunds', { payment: payment['id'], amount: '1000' });
      const [gift] = await lines('status=parked');
      const entry = await entryOf('bank_transfer');
      expect(entry).toMatchObject({
        ...{ currency: 'EUR', account: 'payments:unapplied:EUR', difference: '0', differences: [] },
        booked: { lines: 2, gross: '9700', net: '9700' },
        reported: { lines: 2, gross: '9700' },
        open_total: 2,
      });
      expect(entry['open']).toEqual([
        expect.objectContaining({
          ...{ type: 'line_parked', object: gift?.['id'], amount: '700', since: '2026-01-05T00:00:00.000Z' },
        }),
        expect.objectContaining({ type: 'refund_unconfirmed', object: refund['id'], amount: '1000' }),
      ]);
      // A statement is missing: the balance moved by a cent that nobody was told of.
      balance += 1;
      await imported({ amount: -1_000, endToEndId: String(refund['id']) });
      expect(await entryOf('bank_transfer')).toMatchObject({
        difference: '1',
        differences: [{ type: 'statement_missing', rail_reference: 'S-2', difference: '1' }],
        open_total: 1,
      });
    });

    it('whole, also where a refund or the end of a dispute counts at another time than what it is of', async () => {
      const same = { differences: [], difference: '0', booked: { lines: 2 }, reported: { lines: 2 } };
      const refunded = '2000-01-01T00:00:00Z';
      const { rows } = await parts.database.query<{ settles_on: Date }>(
        `update rails.simulator_movements set settles_on = $2 where environment = $1 and kind = 'refund'
         returning settles_on`,
        [environment, refunded],
      );
      expect(rows).toHaveLength(1);
      // The rail counts it long ago, and the books now.
      expect(await entryOf('simulator')).toMatchObject(same);
      const then = '?from=1999-12-31T00:00:00Z&to=2000-01-02T00:00:00Z';
      expect(await entryOf('simulator', then)).toMatchObject({
        differences: [],
        booked: { lines: 1, gross: '-2500' },
        reported: { lines: 1 },
      });
    });

    it('within the time asked for alone, and not for too long a time', async () => {
      const before = '?from=2025-01-01T00:00:00Z&to=2025-02-01T00:00:00Z';
      expect(await entryOf('simulator', before)).toEqual({});
      expect(await entryOf('bank_transfer', before)).toMatchObject({ booked: nothing, open_total: 1 });
      for (const query of [
        '?from=2025-01-01T00:00:00Z&to=2025-06-01T00:00:00Z',
        '?from=2025-02-01T00:00:00Z&to=2025-01-01T00:00:00Z',
        '?from=yesterday',
      ]) {
        const { status, json } = await ask({ path: `/v1/reconciliation${query}` });
        expect([status, json['param']]).toEqual([400, '/from']);
      }
    });
  });

  describe('pay out', () => {
    const payee = 'DE02120300000000202051';
    const time = (day: number, hour = 12): string => new Date(Date.UTC(2030, 0, day, hour)).toISOString();
    const advance = (to: string): Promise<Json> => send('POST', '/v1/clock/advance', { to });
    const fileOf = async (batch: string): Promise<{ readonly xml: string; readonly name: string | null }> => {
      const answer = await documentedFetch(`${parts.url}/v1/payout_batches/${batch}/file`, {
        headers: { authorization: `Bearer ${key}` },
      });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        200,
        'application/xml; charset=utf-8',
      ]);
      return { xml: await answer.text(), name: answer.headers.get('content-disposition') };
    };
    const payOut = (amount: string): Promise<Json> =>
      send('POST', '/v1/payouts', { amount, currency: 'EUR' });
    const payoutOf = ({ id }: Json): Promise<Json> => get(`/v1/payouts/${String(id)}`);

    beforeAll(async () => {
      const body = { name: `${mode} payouts` };
      const made = await http.ask({ method: 'POST', path: '/v1/sandboxes', apiKey: parts.apiKey, body });
      key = String(made.json['api_key']);
      ledger = String((await get('/v1/payments_ledger'))['id']);
      [balance, statements] = [0, 0];
      await send('PUT', '/v1/clock', { time: time(10) });
      const own = { account_holder: 'Example Shop Ltd', currency: 'EUR' };
      const accounts = await send('PUT', '/v1/bank_accounts', {
        bank_accounts: [
          { ...own, iban: sandboxIban },
          { ...own, iban: payee, purpose: 'payout' },
        ],
      });
      expect(accounts['bank_accounts']).toMatchObject([{ purpose: 'collection' }, { purpose: 'payout' }]);
      await imported({ amount: 50_000, reference: referenceOf(await pay({ amount: '50000' })) });
    });

    it('with one file a day, which never changes, and are paid by the statement that has its ids', async () => {
      const [one, two, three] = [await payOut('10000'), await payOut('2000'), await payOut('300')];
      expect(one).toMatchObject({ status: 'pending', rail: 'bank_transfer', batch: null });
      await send('POST', `/v1/payouts/${String(three['id'])}/cancel`);
      expect(await get('/v1/payout_batches')).toMatchObject({ data: [] });
      await advance(time(11));
      const id = 'pob_20300111EUR';
      expect(await payoutOf(one)).toMatchObject({ status: 'in_transit', batch: id });
      const batch = await get(`/v1/payout_batches/${id}`);
      expect(batch).toMatchObject({ amount: '12000', payouts: 2, currency: 'EUR', sends_at: time(11, 0) });
      expect(await get('/v1/payout_batches?currency=EUR')).toMatchObject({ data: [batch] });
      const listed = (await get(`/v1/payouts?batch=${id}`))['data'] as readonly Json[];
      expect(listed.map((each) => each['id'])).toEqual([two['id'], one['id']]);
      const { xml, name } = await fileOf(id);
      expect(name).toBe(`attachment; filename="${String(batch['message_id'])}.xml"`);
      expect(heldAgainst('pain.001.001.09', xml)).toBe('valid');
      expect(xml).toContain(`<MsgId>${String(batch['message_id'])}</MsgId>`);
      expect(xml).toContain(`<EndToEndId>${String(one['id'])}</EndToEndId>`);
      expect(xml).toContain('<InstdAmt Ccy="EUR">100.00</InstdAmt>');
      expect(xml).toContain(`<IBAN>${payee}</IBAN>`);
      expect(xml).not.toContain(String(three['id']));
      // What happens to payouts and accounts afterwards changes nothing of it.
      await send('PATCH', `/v1/payouts/${String(one['id'])}`, { description: 'January' });
      const other = { account_holder: 'Another Ltd', iban: sandboxIban, bic: 'COBADEFFXXX', currency: 'EUR' };
      await send('PUT', '/v1/bank_accounts', { bank_accounts: [other] });
      await imported(
        { amount: -10_000, endToEndId: String(one['id']) },
        { amount: -2_000, text: `payout ${String(two['id'])}` },
      );
      expect(await payoutOf(one)).toMatchObject({ status: 'paid', batch: id });
      expect(await payoutOf(two)).toMatchObject({ status: 'paid' });
      expect(await inBooks('platform:in_transit')).toBe('0');
      expect(await inBooks('bank')).toBe(String(balance));
      await imported({ amount: 2_000, endToEndId: String(two['id']) });
      expect(await payoutOf(two)).toMatchObject({ status: 'failed', failure_code: 'returned', batch: id });
      expect(await get('/v1/balance')).toMatchObject({ available: [{ amount: '40000', currency: 'EUR' }] });
      expect((await fileOf(id)).xml).toBe(xml);
      expect(await get(`/v1/payout_batches/${id}/history`)).toMatchObject({
        data: [{ type: 'payout.batch_made' }],
      });
    });

    it('what a bank has not taken, or a person finds in a statement, is said by hand', async () => {
      await send('PUT', '/v1/bank_accounts', {
        bank_accounts: [
          { account_holder: 'Example Shop Ltd', iban: sandboxIban },
          { account_holder: 'Example Shop Ltd', iban: payee, purpose: 'payout' },
        ],
      });
      const [refused, found] = [await payOut('700'), await payOut('800')];
      await advance(time(12));
      const resolved = await send('POST', `/v1/payouts/${String(refused['id'])}/resolve`, {
        outcome: 'failed',
        failure_code: 'rejected',
      });
      expect(resolved).toMatchObject({ status: 'failed', failure_code: 'rejected' });
      const paid = await ask({
        ...{ method: 'POST', path: `/v1/payouts/${String(found['id'])}/resolve` },
        body: { outcome: 'paid' },
      });
      expect([paid.status, paid.json['code']]).toEqual([409, 'call_not_open']);
      await imported(
        ...[
          { amount: -800, text: 'collective order' },
          { amount: -801, text: 'another' },
        ],
        { amount: -700, text: String(refused['id']) },
      );
      const parked = await lines('status=parked&direction=debit');
      const matching = async (amount: string, payout = found): Promise<HttpAnswer> =>
        ask({
          method: 'POST',
          path: `/v1/bank_statement_lines/${String(parked.find((each) => each['amount'] === amount)?.['id'])}/match`,
          body: { payout: payout['id'] },
        });
      expect((await matching('801')).json).toMatchObject({
        code: 'bank_statement_line_mismatch',
        param: '/payout',
      });
      expect((await matching('800')).json).toMatchObject({ status: 'matched' });
      expect(await payoutOf(found)).toMatchObject({ status: 'paid' });
      // What was declared failed, and has left after all.
      expect((await matching('700', refused)).json).toMatchObject({ status: 'matched' });
      expect(await payoutOf(refused)).toMatchObject({ failure_code: null, status: 'paid' });
    });

    it('connected accounts too, to the bank accounts that they gave, in the same file', async () => {
      const capabilities = { payments: { requested: true }, payouts: { requested: true } };
      const account = await send('POST', '/v1/connected_accounts', {
        ...{ type: 'individual', country: 'DE', default_currency: 'EUR', capabilities },
      });
      const id = String(account['id']);
      const iban = 'DE75512108001245126199';
      const address = { line1: '1 Main Street', city: 'Berlin', postal_code: '10115', country: 'DE' };
      await send('POST', `/v1/connected_accounts/${id}/requirements`, {
        individual: { first_name: 'Zoë', last_name: 'Søn', birth_date: '1990-01-31', address },
        bank_account: { iban, account_holder: 'Zoë Søn' },
        tos_acceptance: { accepted: true },
      });
      await send('POST', '/v1/transfers', { amount: '1500', currency: 'EUR', destination: id });
      const acting = { 'connected-account': id };
      const body = { amount: '1500', currency: 'EUR' };
      const made = await ask({ method: 'POST', path: '/v1/payouts', headers: acting, body });
      expect([made.status, made.json]).toMatchObject([201, { rail: 'bank_transfer', status: 'pending' }]);
      expect(JSON.stringify(made.json)).not.toContain('sealed');
      const own = await payOut('900');
      await advance(time(13));
      const batch = 'pob_20300113EUR';
      expect(await get(`/v1/payout_batches/${batch}`)).toMatchObject({ amount: '2400', payouts: 2 });
      const { xml } = await fileOf(batch);
      expect(heldAgainst('pain.001.001.09', xml)).toBe('valid');
      const payoutId = String(made.json['id']);
      expect(xml).toContain(
        `<EndToEndId>${payoutId}</EndToEndId></PmtId><Amt><InstdAmt Ccy="EUR">15.00</InstdAmt></Amt>` +
          `<Cdtr><Nm>Zoe Son</Nm></Cdtr><CdtrAcct><Id><IBAN>${iban}</IBAN></Id></CdtrAcct>`,
      );
      expect(xml).toContain(String(own['id']));
      // The books have ciphertext.
      const raw = await ask({ path: `/v1/ledgers/${ledger}/events?type=PayoutCreated&limit=100` });
      expect(JSON.stringify(raw.json)).toContain(payoutId);
      expect(JSON.stringify(raw.json)).not.toContain(iban);
      await imported({ amount: -1_500, endToEndId: payoutId });
      const shown = await ask({ path: `/v1/payouts/${payoutId}`, headers: acting });
      expect(shown.json).toMatchObject({ status: 'paid', batch });
      expect((await fileOf(batch)).xml).toBe(xml);

      // Once the account is erased the file can't be made again; what was paid stays, and what comes back is booked.
      await send('POST', `/v1/connected_accounts/${id}/close`);
      expect((await fileOf(batch)).xml).toBe(xml);
      await send('POST', `/v1/connected_accounts/${id}/erase`);
      const file = await ask({ path: `/v1/payout_batches/${batch}/file` });
      expect([file.status, file.json]).toMatchObject([404, { code: 'payout_file_erased' }]);
      expect(await get(`/v1/payout_batches/${batch}`)).toMatchObject({ amount: '2400', payouts: 2 });
      const after = async (): Promise<Json> =>
        (await ask({ path: `/v1/payouts/${payoutId}`, headers: acting })).json;
      const { bank_account } = shown.json;
      expect(await after()).toMatchObject({ status: 'paid', batch, bank_account });
      await imported({ amount: 1_500, endToEndId: payoutId });
      expect(await after()).toMatchObject({ status: 'failed', failure_code: 'returned' });
      const left = await ask({ path: '/v1/balance', headers: acting });
      expect(left.json).toMatchObject({ available: [{ amount: '1500', currency: 'EUR' }] });
      expect(JSON.stringify(await get(`/v1/events?object=${payoutId}`))).not.toContain(iban);
      const again = await ask({ method: 'POST', path: '/v1/payouts', headers: acting, body });
      // It has no bank account any more: what it has goes to one of the platform that is named.
      expect([again.status, again.json]).toMatchObject([422, { code: 'capability_inactive' }]);
    });

    it('a file that its bank has booked as one debit is paid by the line that names it', async () => {
      const both = [await payOut('500'), await payOut('250')];
      const transit = Number(await inBooks('platform:in_transit'));
      await advance(time(14));
      const batch = 'pob_20300114EUR';
      // Another sum: nobody knows which of them it is for.
      await imported({ amount: -749, batch });
      for (const each of both) expect(await payoutOf(each)).toMatchObject({ status: 'in_transit' });
      const { json, xml } = await imported({ amount: -750, batch }, { amount: -750, batch });
      expect(json).toMatchObject({ statements: [{ lines: 3, matched: 2, parked: 1 }] });
      for (const each of both) {
        expect(await payoutOf(each)).toMatchObject({ status: 'paid', batch });
        // What is left of it.
        const line = { amount: '0', direction: 'debit', status: 'matched' };
        const [found] = (await lines('status=matched')).filter(
          ({ end_to_end_id }) => end_to_end_id === each['id'],
        );
        expect(found).toMatchObject(line);
      }
      expect(await inBooks('platform:in_transit')).toBe(String(transit - 750));
      expect(await inBooks('bank')).toBe(String(balance));
      expect((await upload(xml)).json).toMatchObject({ statements: [{ imported_before: true, lines: 3 }] });
    });

    /** The line that was imported last, and not matched. */
    const parkedLine = async (): Promise<string> => String((await lines('status=parked'))[0]?.['id']);
    const at = (line: string): string => `/v1/bank_statement_lines/${line}`;
    const reconciled = async (): Promise<{ readonly entry: Json; readonly open: readonly unknown[] }> => {
      const { data } = await get('/v1/reconciliation');
      const entry = (data as readonly Json[]).find(({ rail }) => rail === 'bank_transfer') ?? {};
      return { entry, open: (entry['open'] as readonly Json[]).map(({ object }) => object) };
    };
    const inBalance = async (): Promise<bigint> => {
      const { available } = await get('/v1/balance');
      return BigInt(String((available as readonly Json[])[0]?.['amount']));
    };

    it('a file of which the bank has booked the rest as one debit, when one was rejected', async () => {
      const [one, rejected, three] = [await payOut('500'), await payOut('250'), await payOut('125')];
      await advance(time(15));
      await imported({ amount: -625, batch: 'pob_20300115EUR' });
      await send('POST', `/v1/payouts/${String(rejected['id'])}/resolve`, { outcome: 'failed' });
      const [line, transit] = [await parkedLine(), Number(await inBooks('platform:in_transit'))];
      const match = (...of: readonly Json[]) => ({ objects: of.map(({ id }) => id) });
      for (const [body, code, param] of [
        [match(one, rejected), 'bank_statement_line_mismatch', '/difference'],
        [match(one, one), 'bank_statement_line_mismatch', '/objects/1'],
        [{ ...match(one, three), amount: '626' }, 'bank_statement_line_mismatch', '/amount'],
        [{ objects: [one['id'], 'po_none'] }, 'payout_not_found', '/objects/1'],
      ] as const) {
        const { status, json } = await ask({ method: 'POST', path: `${at(line)}/match`, body });
        expect([status, json['code'], json['param']]).toEqual([
          code === 'payout_not_found' ? 404 : 422,
          code,
          param,
        ]);
      }
      const body = match(one, three);
      expect(await send('POST', `${at(line)}/match?dry_run=true`, body)).toMatchObject({ dry_run: true });
      expect(await payoutOf(one)).toMatchObject({ status: 'in_transit' });
      const once = {
        method: 'POST',
        path: `${at(line)}/match`,
        body,
        headers: { 'idempotency-key': 'rest' },
      };
      const first = await ask(once as HttpRequest);
      expect(first).toMatchObject({ status: 200, json: { status: 'matched', amount: '0' } });
      expect((await ask(once as HttpRequest)).json).toEqual(first.json);
      const again = await ask({ method: 'POST', path: `${at(line)}/match`, body });
      expect([again.status, again.json['code']]).toEqual([409, 'bank_statement_line_unexpected_state']);
      for (const each of [one, three]) expect(await payoutOf(each)).toMatchObject({ status: 'paid' });
      expect(await payoutOf(rejected)).toMatchObject({ status: 'failed' });
      expect(Number(await inBooks('platform:in_transit'))).toBe(transit - 625);
      expect(await inBooks('bank')).toBe(String(balance));
      const { entry, open } = await reconciled();
      expect(entry).toMatchObject({ difference: '0', differences: [] });
      expect(open).not.toContain(line);
      for (const { id } of [one, rejected, three]) expect(open).not.toContain(id);
    });

    it('what comes back less a fee of the bank that returns it', async () => {
      const payout = await payOut('1000');
      await advance(time(16));
      await imported({ amount: -1_000, endToEndId: String(payout['id']) });
      const before = await inBalance();
      await imported({ amount: 900, endToEndId: String(payout['id']) });
      const line = await parkedLine();
      expect(await payoutOf(payout)).toMatchObject({ status: 'paid' });
      const says = { payout: payout['id'], difference: '-100', description: 'Fee of the returning bank' };
      const answer = await send('POST', `${at(line)}/match`, says);
      const fee = { object: 'fee', amount: '-100', description: 'Fee of the returning bank' };
      expect(answer['matches']).toEqual([{ object: payout['id'], amount: '1000', description: null }, fee]);
      const found = await get(at(line));
      expect(found).toMatchObject({ status: 'matched', amount: '0', matches: answer['matches'] });
      expect(await payoutOf(payout)).toMatchObject({ status: 'failed', failure_code: 'returned' });
      expect(await inBalance()).toBe(before + 900n);
      const { data } = await get('/v1/balance_transactions?limit=2');
      expect(data).toMatchObject([
        { type: 'adjustment', amount: '-100', net: '-100', source: line, status: 'available' },
        { type: 'payout_failure', amount: '1000', source: payout['id'] },
      ]);
      expect(await inBooks('expenses:bank_charges')).toBe('100');
      expect((await reconciled()).open).not.toContain(line);
      const history = (await get(`${at(line)}/history`))['data'] as readonly Json[];
      expect(history.map(({ type }) => type)).toEqual([
        'bank_statement_line.matched',
        'bank_statement_line.created',
      ]);
    });

    it("and lines that are the platform's own: fees and interest", async () => {
      const before = await inBalance();
      await imported({ amount: -500, text: 'Account in January' }, { amount: 70, text: 'Interest' });
      const [interest, fee] = (await lines('status=parked')).map(({ id }) => String(id));
      for (const [body, code, param] of [
        [{}, 'missing_field', '/payment'],
        [{ own: 'fee', objects: ['po_1'] }, 'missing_field', '/payment'],
        [{ own: 'tax' }, 'invalid_value', '/own'],
        [{ own: 'fee', difference: '1' }, 'invalid_value', '/difference'],
        [{ payout: 'po_1', description: 'x' }, 'invalid_value', '/description'],
        [{ payout: 'po_1', difference: '-0' }, 'invalid_amount', '/difference'],
        [{ objects: [] }, 'invalid_value', '/objects'],
        [{ objects: Array.from({ length: 251 }, (_, n) => `po_${n}`) }, 'invalid_value', '/objects'],
      ] as const) {
        const { status, json } = await ask({ method: 'POST', path: `${at(fee ?? '')}/match`, body });
        expect([status, json['code'], json['param']]).toEqual([400, code, param]);
      }
      const says = { own: 'fee', description: 'Account in January' };
      expect(await send('POST', `${at(fee ?? '')}/match`, says)).toMatchObject({
        ...{ status: 'matched', amount: '0' },
        matches: [{ object: 'fee', amount: '500', description: 'Account in January' }],
      });
      // A part of it first.
      const part = await send('POST', `${at(interest ?? '')}/match`, { own: 'interest', amount: '30' });
      expect(part).toMatchObject({ status: 'parked', amount: '40', parked_because: 'surplus' });
      await send('POST', `${at(interest ?? '')}/match`, { own: 'interest' });
      expect(await inBalance()).toBe(before - 430n);
      expect(await inBooks('expenses:bank_charges')).toBe('600');
      expect(await inBooks('revenue:bank_interest')).toBe('70');
      const erased = await send('POST', `${at(fee ?? '')}/erase`);
      expect(erased).toMatchObject({ remittance: null, matches: [{ object: 'fee', amount: '500' }] });
      const { entry, open } = await reconciled();
      expect(entry).toMatchObject({ difference: '0', differences: [] });
      for (const each of [fee, interest]) expect(open).not.toContain(each);
      expect(await inBooks('bank')).toBe(String(balance));
    });

    it.each([
      ['an account that is none', { bank_account: 'ba_none' }, 'unknown_bank_account', '/bank_account'],
      ['more than is available', { amount: '99999999' }, 'insufficient_available', '/amount'],
      ['more digits than a transfer has', { amount: '1'.repeat(19) }, 'payout_too_large', '/amount'],
    ])('not to %s', async (_what, more, code, param) => {
      const body = { amount: '100', currency: 'EUR', ...more };
      const answer = await ask({ method: 'POST', path: '/v1/payouts', body });
      expect([answer.status, answer.json]).toMatchObject([422, { code, param }]);
    });

    it('no file of a batch that is none, and no page after a cursor that is none', async () => {
      const page = await ask({ path: '/v1/payout_batches/pob_20300111EUR/history?cursor=zzz' });
      expect([page.status, page.json['code']]).toEqual([400, 'invalid_cursor']);
      const { status, json } = await ask({ path: '/v1/payout_batches/pob_20300110EUR/file' });
      expect([status, json['code']]).toEqual([404, 'payout_batch_not_found']);
    });
  });

  // The other one has the same events.
  if (mode === 'embedded')
    it('leave the same rows in every read model, wherever batches end', async () => {
      expect(await sameRowsInAnyBatches(parts.store)).toEqual(
        expect.arrayContaining(['bank_statement_lines', 'bank_statements', 'payments']),
      );
    });
});
