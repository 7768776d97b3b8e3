import { duplicateName } from '@fintech-ledger/envelope';
import { accountTypes, detailShapes } from '@fintech-ledger/ledger/domain';
import { decodeUtf8 } from './decode-utf8';
import { linesOf } from './lines-of';
import { statusCommands } from './ndjson-records';
import type { ExportRecord } from './ndjson-records';
import { problem } from './problem';
import type { ImportProblem } from './problem';
import { isStorable } from './storable-text';
import { isPlainText, isSubjectValue } from './subject-metadata';
import { malformedLine } from './file-refusals';

export interface NdjsonLine {
  readonly line: number;
  readonly record: ExportRecord | ImportProblem;
}

type Check = (value: unknown) => boolean;
type Shape = Readonly<Record<string, readonly [Check, unknown?]>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText: Check = (value) => typeof value === 'string' && isStorable(value);
const isTextOrNull: Check = (value) => value === null || isText(value);
const isFlag: Check = (value) => typeof value === 'boolean';
const isCount: Check = (value) => Number.isSafeInteger(value);
const isMetadata: Check = (value) =>
  isObject(value) &&
  Object.entries(value).every(([key, item]) => isText(key) && (isPlainText(item) || isSubjectValue(item)));
const isEntry: Check = (value) =>
  isObject(value) &&
  Object.keys(value).length === 4 &&
  ['account', 'amount', 'currency'].every((name) => isText(value[name])) &&
  (value['direction'] === 'debit' || value['direction'] === 'credit');
const isEntries: Check = (value) => Array.isArray(value) && value.every(isEntry);

const required = (check: Check): readonly [Check] => [check];
const optional = (check: Check, absent: unknown): readonly [Check, unknown] => [check, absent];

const account: Shape = {
  address: required(isText),
  type: required((value) => accountTypes.some((type) => type === value)),
  currency: required(isText),
  min_balance: optional(isTextOrNull, null),
  max_balance: optional(isTextOrNull, null),
  metadata: optional(isMetadata, {}),
};
/** Nothing is filled in for a later one: lines of older files keep their keys. */
const details: Shape = Object.fromEntries(
  Object.entries(detailShapes).map(([name, shape]) => [
    name,
    optional(isTextOrNull, 'isOptional' in shape ? undefined : null),
  ]),
);
const status: Shape = { address: required(isText) };
const statuses = Object.fromEntries(
  Object.keys(statusCommands).map((object) => [object, status]),
) as Readonly<Record<keyof typeof statusCommands, Shape>>;
const release: Shape = { transaction: required(isText) };
const shapes: Readonly<Record<ExportRecord['object'], Shape>> = {
  export: {
    format: required((value) => value === 1),
    ledger: required((value) => isObject(value) && isText(value['id']) && isText(value['name'])),
    revision: required(isCount),
  },
  unit: { code: required(isText), exponent: required(isCount), name: required(isText) },
  account,
  account_amendment: account,
  ...statuses,
  transaction: {
    id: optional(isText, undefined),
    entries: required(isEntries),
    ...details,
    effective_at: optional(isTextOrNull, null),
    metadata: optional(isMetadata, {}),
    pending: optional(isFlag, false),
    expires_at: optional(isTextOrNull, null),
    judged: optional((value) => value === false, undefined),
  },
  capture: { ...release, entries: required(isEntries), final: required(isFlag) },
  void: release,
  expiry: release,
  reversal: {
    id: optional(isText, undefined),
    ...release,
    entries: required(isEntries),
    description: optional(isTextOrNull, null),
    effective_at: optional(isTextOrNull, null),
    metadata: optional(isMetadata, {}),
  },
  period_close: { through: required(isText), reason: required(isText) },
  end: { lines: required(isCount) },
  // Checked before, byte by byte.
  proof_bundle: {
    format: required((value) => value === 1),
    head: required((value) => value === null || isObject(value)),
    lines_sha256: required(isText),
    key_id: required(isText),
    signature: required(isText),
  },
};

/** The records of an NDJSON file, one at a time; what is wrong with a line is a problem in its place. @throws ImportRefused */
export async function* readNdjson(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<NdjsonLine> {
  for await (const { line, text } of linesOf(decodeUtf8(chunks)))
    yield { line, record: readRecord(text, line) };
}

function readRecord(text: string, line: number): ExportRecord | ImportProblem {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return problem({ code: 'malformed_json' }, 'the line is not JSON', { line });
  }
  if (!isObject(value)) return problem(malformedLine, 'the line is not a JSON object', { line });
  const duplicate = duplicateName(text, value);
  if (duplicate !== undefined) {
    const detail = `the line has the member '${duplicate.name.slice(0, 100)}' twice`;
    return problem(malformedLine, detail, { line, column: duplicate.name.slice(0, 100) });
  }
  const object = value['object'];
  if (typeof object !== 'string' || !Object.hasOwn(shapes, object)) {
    const detail = `'object' is none of ${Object.keys(shapes).join(', ')}`;
    return problem(malformedLine, detail, { line, column: 'object' });
  }
  const shape = shapes[object as ExportRecord['object']];
  const unknown = Object.keys(value).find((name) => name !== 'object' && !Object.hasOwn(shape, name));
  if (unknown !== undefined) {
    return problem({ code: 'unknown_field' }, `a line of ${object} has no field '${unknown}'`, {
      line,
      column: unknown,
    });
  }
  const record: Record<string, unknown> = { object };
  for (const [name, rule] of Object.entries(shape)) {
    const given = value[name];
    const [check] = rule;
    if (given === undefined ? rule.length === 1 : !check(given)) {
      const detail = given === undefined ? `'${name}' is missing` : `'${name}' has no possible value`;
      return problem(malformedLine, detail, { line, column: name });
    }
    const filled = given === undefined ? rule[1] : given;
    if (filled !== undefined) record[name] = filled;
  }
  return record as unknown as ExportRecord;
}
