// Each maximum has something that shows that it was reached: a metric, or the problem that a client gets.
import { asText } from './uses.mjs';

/**
 * @typedef {{ metrics?: Record<string, string>, problems?: Record<string, string>, without?: string[] }} LimitTable
 *   by the limit's name: the metric that shows it; the code of the problem with which it refuses; and those that have neither so far
 */

/** @param {string} name */
export const isMaximum = (name) => /Max\d*$/.test(name);

/**
 * @param {readonly string[]} names of all limits
 * @param {LimitTable} table
 * @param {readonly string[]} texts of the code
 */
export function limitProblems(names, { metrics = {}, problems = {}, without = [] }, texts) {
  const found = [];
  const shown = { ...metrics, ...problems };
  for (const name of names)
    if (isMaximum(name) && shown[name] === undefined && !without.includes(name))
      found.push(
        `limits.ts: ${name} has no metric: name one in scripts/style/limits.json, or the problem it refuses with`,
      );
  for (const name of [...Object.keys(shown), ...without])
    if (!names.includes(name)) found.push(`scripts/style/limits.json: there is no limit ${name}`);
  for (const name of without)
    if (shown[name] !== undefined)
      found.push(`scripts/style/limits.json: ${name} has one, and is listed as without`);
  for (const [name, shows] of Object.entries(shown))
    if (!texts.some((text) => asText(shows).test(text) || new RegExp(`^  ${shows}: `, 'm').test(text)))
      found.push(`scripts/style/limits.json: nothing is called ${shows}, which should show ${name}`);
  return found;
}
