import type { Reader } from './reader';

/** Answers `LedgerView`. */
export class GetLedger {
  constructor(readonly reader: Reader) {}
}
