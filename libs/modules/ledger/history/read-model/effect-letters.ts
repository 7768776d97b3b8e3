import type { EntryEffect } from '@fintech-ledger/ledger/domain';

/** One letter per effect in the rows. */
export const effectLetters: Readonly<Record<EntryEffect, string>> = {
  post: 'P',
  hold: 'H',
  release: 'R',
  capture: 'C',
};
