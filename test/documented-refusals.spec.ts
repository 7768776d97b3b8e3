import { importProblems } from '@fintech-ledger/books';
import { refusalKinds } from '@fintech-ledger/ledger';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { edgeProblems } from '../apps/api/src/problems/problem-codes';
import { apiOperations } from './support/fuzz/api-operations';

// A refusal that the document lists must be made by what decides the operation: one that is never made is an untruth.
const root = path.resolve(__dirname, '..');
const textOf = (files: readonly string[]): string =>
  files.map((file) => readFileSync(path.resolve(root, file), 'utf8')).join('\n');
const ledger = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `libs/ledger/src/${name}.ts`);

const booking = ledger('decide-transaction', 'booking', 'decide');
const parts = ledger('transaction-lines', 'decide-transaction', 'booking');
const units = ['libs/application/src/unit-use.ts'];
const access = ['libs/access/src/decide.ts'];
const found = (name: string): string => `libs/application/src/reads/${name}.handler.ts`;
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
    'apps/api/src/transactions/transaction-commands.controller.ts',
  ],
  declareUnit: access,
  createApiKey: access,
  revokeApiKey: access,
  deleteApiKey: access,
  getAccount: [found('get-account')],
  getBalance: [found('get-balance')],
  listAccountEntries: [found('list-account-entries')],
  getTransaction: [found('get-transaction')],
  importBooks: ['libs/application/src/unit-use.ts'],
};
/** Made before anything is decided, by the path, the query, the body, or the writer itself. */
const made = [
  ...['libs/journal/src/command-decider.ts', 'libs/journal/src/fit.ts'],
  'libs/application/src/writes/write-to-ledger.handler.ts',
  ...['libs/application/src/reads/read-models.ts', 'libs/application/src/reads/get-ledger.handler.ts'],
  ...['http', 'validation'].flatMap((folder) => sources(`apps/api/src/${folder}`)),
  ...sources('apps/api/src').filter((file) => file.endsWith('.dto.ts')),
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
    const ofNone = ['method_not_allowed', 'headers_too_large', 'internal_error'];
    expect(Object.keys(edgeProblems).filter((code) => !all.has(code) && !ofNone.includes(code))).toEqual([]);
  });

  it('are each made somewhere', () => {
    const all = textOf(
      ['libs/ledger', 'libs/access', 'libs/application', 'libs/journal', 'libs/books', 'apps/api']
        .flatMap((folder) => sources(`${folder}/src`))
        .filter((file) => !/refusal\.ts$|refusal-meanings\.ts$|booking-refusals\.ts$/.test(file))
        .filter((file) => !file.includes('/openapi/')),
    );
    const codes = [...Object.keys(refusalKinds), ...Object.keys(importProblems)];
    expect(codes.filter((code) => !all.includes(`'${code}'`))).toEqual([]);
  });
});
