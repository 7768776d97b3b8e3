// Which steps of a check have passed on just these files, so that they need not run again.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { keep, readKept } from './kept-json.mjs';

/**
 * One value for the contents of files, and for the Node that reads them.
 * @param {string} folder
 * @param {readonly string[]} files by their path in it
 */
export function fingerprint(folder, files) {
  const hash = createHash('sha256').update(`${process.version} ${process.platform}\n`);
  for (const file of files) {
    const content = readFileSync(path.join(folder, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Remembers in a file, by step, on what it passed last. A file that can't be read counts as none. */
export class PassedSteps {
  /** @param {string} file */
  constructor(file) {
    this.file = file;
    /** @type {Record<string, string>} */
    this.prints = readKept(file, {});
  }

  /**
   * @param {string} step
   * @param {string} print
   */
  has(step, print) {
    return this.prints[step] === print;
  }

  /**
   * @param {string} step
   * @param {string} print
   */
  add(step, print) {
    this.prints[step] = print;
    keep(this.file, this.prints);
  }
}
