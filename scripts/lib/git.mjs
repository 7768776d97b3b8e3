// What git knows of the working copy.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './prepare.mjs';

/**
 * The output of a git command. @throws Error with what git says
 * @param {string[]} parameters
 */
export function git(...parameters) {
  const { status, stdout, stderr, error } = spawnSync('git', parameters, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`git ${parameters[0]} failed: ${error?.message ?? stderr.trim()}`);
  return stdout;
}

/**
 * The files that git has or would take, by pathspec, in order.
 * @param {string[]} patterns
 */
export function trackedFiles(...patterns) {
  const listed = git('ls-files', '-z', '--cached', '--others', '--exclude-standard', ...patterns);
  return [...new Set(listed.split('\0'))].filter((file) => file !== '' && existsSync(path.join(root, file)));
}

/** A number of 31 bits that the files of the commit determine; undefined where git knows of none. */
export function treeSeed() {
  const tree = quietly('rev-parse', 'HEAD^{tree}');
  return tree === undefined ? undefined : Number.parseInt(tree.slice(0, 8), 16) & 0x7fff_ffff;
}

/** The commit at which this branch left the main one; on the main branch itself, and in a clone without it, the commit before. */
export function mergeBase() {
  const head = quietly('rev-parse', 'HEAD');
  for (const main of ['origin/main', 'main']) {
    const base = quietly('merge-base', 'HEAD', main);
    if (base !== undefined && base !== head) return base;
  }
  return quietly('rev-parse', 'HEAD^');
}

/** What a release may not break: the last one, by its tag; before there is one, the merge base. Undefined in a clone of one commit. */
export function lastContract() {
  return quietly('describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*') ?? mergeBase();
}

/** @param {string[]} parameters */
function quietly(...parameters) {
  try {
    return git(...parameters).trim() || undefined;
  } catch {
    return undefined;
  }
}
