export { Broken, main, Unusable, verify } from './ledger-verifier';
export type { Given, Head } from './ledger-verifier';
