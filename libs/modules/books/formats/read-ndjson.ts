import { duplicateName } from '@fintech-ledger/envelope';
import { accountTypes, detailShapes } from '@fintech-ledger/ledger/domain';
import { decodeUtf8 } from './decode-utf8';
import { signatureLengthMax } from './limits';
import { linesOf } from './lines-of';
import { statusCommands } from './ndjson-records';
import type { ExportRecord } from './ndjson-records';
import { problem } from './problem';
import type { ImportProblem } from './problem';
import {
  isAddressText,
  isAmendedMetadata,
  isBoundText,
  isCode,
  isCount,
  isCurrencyText,
  isDecimals,
  isDescription,
  isEntries,
  isFlag,
  isMetadata,
  isName,
  isObject,
  isReason,
  isReference,
  isSourceId,
  isText,
  isTime,
  isTimeText,
  orNull,
} from './ndjson-values';
import type { Check } from './ndjson-values';
import { malformedLine } from './file-refusals';

export interface NdjsonLine {
  readonly line: number;
  readonly record: ExportRecord | ImportProblem;
}

type Shape = Readonly<Record<string, readonly [Check, unknown?]>>;

const required = (check: Check): readonly [Check] => [check];
const optional = (check: Check, absent: unknown): readonly [Check, unknown] => [check, absent];

const account: Shape = {
  address: required(isAddressText),
  type: required((value) => accountTypes.some((type) => type === value)),
  currency: required(isCurrencyText),
  min_balance: optional(orNull(isBoundText), null),
  max_balance: optional(orNull(isBoundText), null),
  metadata: optional(isMetadata, {}),
};
const detailChecks = {
  description: isDescription,
  reference: isReference,
  correction_of: isSourceId,
} as const satisfies Readonly<Record<keyof typeof detailShapes, Check>>;
/** Nothing is filled in for a later one: lines of older files keep their keys. */
const details: Shape = Object.fromEntries(
  Object.entries(detailShapes).map(([name, shape]) => [
    name,
    optional(
      orNull(detailChecks[name as keyof typeof detailShapes]),
      'isOptional' in shape ? undefined : null,
    ),
  ]),
);
const status: Shape = { address: required(isAddressText) };
const statuses = Object.fromEntries(
  Object.keys(statusCommands).map((object) => [object, status]),
) as Readonly<Record<keyof typeof statusCommands, Shape>>;
const counted: Shape = { effective_at: optional(isTime, undefined) };
const release: Shape = { transaction: required(isSourceId) };
export const lineShapes: Readonly<Record<ExportRecord['object'], Shape>> = {
  export: {
    format: required((value) => value === 1),
    ledger: required((value) => isObject(value) && isSourceId(value['id']) && isName(value['name'])),
    revision: required(isCount),
  },
  unit: { code: required(isCode), exponent: required(isDecimals), name: required(isName) },
  account,
  account_amendment: { ...account, metadata: optional(isAmendedMetadata, {}) },
  ...statuses,
  transaction: {
    id: optional(isSourceId, undefined),
    entries: required(isEntries),
    ...details,
    effective_at: optional(orNull(isTimeText), null),
    metadata: optional(isMetadata, {}),
    pending: optional(isFlag, false),
    expires_at: optional(orNull(isTimeText), null),
    judged: optional((value) => value === false, undefined),
  },
  capture: { ...release, entries: required(isEntries), final: required(isFlag), ...counted },
  void: { ...release, ...counted },
  expiry: release,
  reversal: {
    id: optional(isSourceId, undefined),
    ...release,
    entries: required(isEntries),
    description: optional(orNull(isDescription), null),
    effective_at: optional(orNull(isTimeText), null),
    metadata: optional(isMetadata, {}),
  },
  period_close: { through: required(isTimeText), reason: required(isReason) },
  end: { lines: required(isCount) },
  // Checked before, byte by byte.
  proof_bundle: {
    format: required((value) => value === 1),
    head: required((value) => value === null || isObject(value)),
    lines_sha256: required(isText(64, 64)),
    key_id: required(isSourceId),
    signature: required(isText(1, signatureLengthMax)),
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
  if (typeof object !== 'string' || !Object.hasOwn(lineShapes, object)) {
    const detail = `'object' is none of ${Object.keys(lineShapes).join(', ')}`;
    return problem(malformedLine, detail, { line, column: 'object' });
  }
  const shape = lineShapes[object as ExportRecord['object']];
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
      const detail = given === undefined ? `'${name}' is missing` : impossible(name, check);
      return problem(malformedLine, detail, { line, column: name });
    }
    const filled = given === undefined ? rule[1] : given;
    if (filled !== undefined) record[name] = filled;
  }
  return record as unknown as ExportRecord;
}

const impossible = (name: string, { says }: Check): string =>
  says === undefined ? `'${name}' has no possible value` : `'${name}' must be ${says}`;
