import { importProblems } from '@fintech-ledger/books/formats';
import { refusalKinds } from '@fintech-ledger/ledger/domain';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { edgeProblems } from '../libs/engine/http/problems/problem-codes';
import { apiOperations } from './support/fuzz/api-operations';

// A refusal that the document lists must be made by what decides the operation: one that is never made is an untruth.
const root = path.resolve(__dirname, '..');
const textOf = (files: readonly string[]): string =>
  files.map((file) => readFileSync(path.resolve(root, file), 'utf8')).join('\n');
const ledger = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `libs/modules/ledger/domain/${name}.ts`);

const booking = ledger('decide-transaction', 'booking', 'decide');
const parts = ledger('transaction-lines', 'decide-transaction', 'booking');
const units = ['libs/modules/ledger/ledgers/unit-use.ts'];
const access = ['libs/modules/access/domain/decide.ts'];
const directory = ledger('directory/decide');
const found = (name: string): string =>
  sources('libs/modules/ledger').find((file) => file.endsWith(`/${name}.handler.ts`)) ?? name;
/** By operation, where its refusals are made. */
const deciders: Readonly<Record<string, readonly string[]>> = {
  openAccount: [...ledger('decide-account'), ...units],
  amendAccount: ledger('decide-account'),
  freezeAccount: ledger('decide-account'),
  unfreezeAccount: ledger('decide-account'),
  closeAccount: ledger('decide-account'),
  reopenAccount: ledger('decide-account'),
  postTransaction: booking,
  postTransfer: booking,
  postTransactions: booking,
  captureHold: [...ledger('decide-hold'), ...parts],
  voidHold: ledger('decide-hold'),
  reverseTransaction: [
    ...ledger('decide-reversal'),
    ...parts,
    'libs/modules/ledger/transactions/transaction-commands.controller.ts',
  ],
  declareUnit: directory,
  createApiKey: access,
  revokeApiKey: access,
  deleteApiKey: access,
  getAccount: [found('get-account')],
  getBalance: [found('get-balance')],
  listAccountEntries: [found('list-account-entries')],
  getTransaction: [found('get-transaction')],
  importBooks: ['libs/modules/ledger/ledgers/unit-use.ts'],
};
/** Made before anything is decided, by the path, the query, the body, or the writer itself. */
const made = [
  ...['libs/engine/journal/command-decider.ts', 'libs/engine/journal/fit.ts'],
  'libs/modules/ledger/journal/write-to-ledger.handler.ts',
  ...['libs/modules/ledger/ledgers/read-models.ts', 'libs/modules/ledger/ledgers/get-ledger.handler.ts'],
  ...['requests', 'commands', 'validation'].flatMap((folder) => sources(`libs/engine/http/${folder}`)),
  ...[...sources('apps/api/src'), ...sources('libs')].filter((file) => file.endsWith('.dto.ts')),
];

function sources(folder: string): string[] {
  const names = readdirSync(path.resolve(root, folder), { recursive: true, encoding: 'utf8' });
  return names
    .map((name) => `${folder}/${name}`)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
}

const isRefusal = (code: string): boolean => code in refusalKinds;
const listed = apiOperations.map(({ operationId, responses }) => ({
  operationId,
  codes: Object.values(responses).flatMap(
    ({ content = {} }) =>
      (content['application/problem+json']?.schema.properties?.['code']?.enum ?? []) as readonly string[],
  ),
}));

describe('the refusals in schemas/openapi.json', () => {
  it.each(listed)('are made for $operationId', ({ operationId, codes }) => {
    expect(codes.length).toBeGreaterThan(0);
    const text = textOf([...made, ...(deciders[operationId] ?? [])]);
    const never = codes.filter((code) => isRefusal(code) && !text.includes(`'${code}'`));
    expect(never).toEqual([]);
  });

  it('have every code that an operation may be answered with', () => {
    const all = new Set(listed.flatMap(({ codes }) => codes));
    // Before an operation is known, or by a bug in any.
    const ofNone = ['method_not_allowed', 'headers_too_large', 'request_timeout', 'internal_error'];
    expect(Object.keys(edgeProblems).filter((code) => !all.has(code) && !ofNone.includes(code))).toEqual([]);
  });

  it('are each made somewhere', () => {
    const all = textOf(
      ['libs/engine/http', 'libs/engine/journal', 'libs/modules', 'apps/api/src']
        .flatMap((folder) => sources(folder))
        .filter((file) => !/refusal\.ts$|refusal-meanings\.ts$|booking-refusals\.ts$/.test(file))
        .filter((file) => !file.includes('/openapi/')),
    );
    const codes = [...Object.keys(refusalKinds), ...Object.keys(importProblems)];
    expect(codes.filter((code) => !all.includes(`'${code}'`))).toEqual([]);
  });
});
