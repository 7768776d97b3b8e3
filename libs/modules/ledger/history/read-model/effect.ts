import type { EntryEffect } from '@fintech-ledger/ledger/domain';
import { effectLetters } from './effect-letters';

const names = new Map(Object.entries(effectLetters).map(([name, letter]) => [letter, name as EntryEffect]));

export function effectOf(letter: string): EntryEffect {
  const effect = names.get(letter);
  if (effect === undefined) throw new Error(`the letter ${letter} stands for no effect`);
  return effect;
}
