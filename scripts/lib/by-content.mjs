// What was computed of a text, kept in a file until the text or what computes it changes.
import { createHash } from 'node:crypto';
import process from 'node:process';
import { keep, readKept } from './kept-json.mjs';

/**
 * Keeps only what was asked for since it was opened. A file that can't be read counts as none; in CI (the variable CI)
 * nothing is known.
 */
export class ByContent {
  /**
   * @param {string} file
   * @param {string} version of what computes: its own text, or a number of a release
   */
  constructor(file, version) {
    this.file = file;
    this.version = version;
    /** @type {Record<string, unknown>} */
    this.before = process.env['CI'] ? {} : readKept(file, {});
    /** @type {Record<string, unknown>} */
    this.now = {};
  }

  /**
   * @template T
   * @param {string} what
   * @param {string} text
   * @param {() => T | Promise<T>} compute what can be JSON
   * @returns {Promise<T>}
   */
  async get(what, text, compute) {
    const key = createHash('sha256')
      .update(JSON.stringify([this.version, what]))
      .update(text)
      .digest('base64');
    const value = this.now[key] ?? this.before[key] ?? (await compute());
    this.now[key] = value;
    return /** @type {T} */ (value);
  }

  save() {
    keep(this.file, this.now);
  }
}
