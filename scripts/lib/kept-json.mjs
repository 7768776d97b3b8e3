// What scripts keep below .cache between their runs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * A file that can't be read counts as none.
 * @template T
 * @param {string} file
 * @param {T} none
 * @returns {T}
 */
export function readKept(file, none) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return none;
  }
}

/**
 * @param {string} file
 * @param {unknown} value
 */
export function keep(file, value) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(value));
}
