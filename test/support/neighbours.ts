/** A request that costs as much as a legal one can, see scripts/lib/neighbours. */
export interface Expensive {
  readonly operationId: string;
  readonly costClass: string;
  readonly request: () => object;
}

export interface Books {
  readonly ledger: string;
  readonly transaction: string;
  readonly apiKey: string;
  readonly accounts: readonly string[];
  readonly moment: string;
}

type Ask = (path: string, body?: object) => Promise<unknown>;

interface Scripts {
  attack(
    url: string,
    apiKey: string,
    request: () => object,
    options: { readonly connections: number; readonly count: number; readonly signal: AbortSignal },
  ): Promise<Readonly<Record<string, number>>>;
  anotherOrganization(
    library: object,
    installation: { readonly writerPort: number; readonly pepper: string },
  ): Promise<string>;
  expensiveRequests(document: object, books: Books): readonly Expensive[];
  openBooks(ask: Ask, size: { readonly accounts: number; readonly transactions: number }): Promise<Books>;
}

// They are JavaScript, so that the benchmark runs without a build of the tests.
export const neighbours: Scripts = {
  ...jest.requireActual<Scripts>('../../scripts/lib/neighbours/attack.mjs'),
  ...jest.requireActual<Scripts>('../../scripts/lib/neighbours/another-organization.mjs'),
  ...jest.requireActual<Scripts>('../../scripts/lib/neighbours/expensive-request.mjs'),
  ...jest.requireActual<Scripts>('../../scripts/lib/neighbours/open-books.mjs'),
};
