import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import { isDay, parseTime } from '@fintech-ledger/contract';
import type { FieldProblem } from '../problems/api-problem';
import { Explainer } from './explain';
import { compiledStyle, dtoSchema } from './dto-schema';
import type { DtoClass } from './decorators';
import { asOfRule } from './query-rules';
import { addressRangeRule } from './rules';
import { noteSubjectValue, takeSubjectValues } from './subject-values';

export interface CompiledDto {
  /** Whether a parsed body (or query) is of this class; does not change it. */
  readonly accepts: (value: unknown) => boolean;
  /** Why it is not: at least one problem, the first one first. */
  readonly explain: (value: unknown) => readonly FieldProblem[];
}

const ajv = requestAjv();
const explainer = new Explainer(ajv);
const compiled = new WeakMap<DtoClass, CompiledDto>();

/**
 * The validator of a request class, compiled once: when the first value comes, since a process that starts would spend
 * more time on compiling all of them than on anything else. Only what was refused is looked at a second time, to name
 * the reasons.
 */
export function compileDto(dto: DtoClass): CompiledDto {
  const known = compiled.get(dto);
  if (known !== undefined) return known;
  const schema = dtoSchema(dto, compiledStyle);
  let validate: ValidateFunction | undefined;
  const result: CompiledDto = {
    accepts: (value) => (validate ??= ajv.compile(schema))(value),
    explain(value) {
      const problems = explainer.explain(schema, value);
      // Of what is refused none are taken, and nothing of it is to stay in memory.
      takeSubjectValues(undefined);
      return problems;
    },
  };
  compiled.set(dto, result);
  return result;
}

function requestAjv(): Ajv {
  const instance = new Ajv({
    strict: true,
    allowUnionTypes: true,
    strictTypes: false,
    validateSchema: false,
    addUsedSchema: false,
  });
  instance.addVocabulary(['x-code', 'x-says', 'x-too-few', 'x-too-many']);
  instance.addFormat('ledger-time', (text: string) => parseTime(text) !== undefined);
  instance.addFormat('ledger-day', isDay);
  instance.addFormat('ledger-address-range', addressRangeRule.accepts);
  instance.addFormat('ledger-moment', (text: string) => asOfRule.accepts(text));
  instance.addKeyword({
    keyword: 'x-subject-value',
    type: 'object',
    schemaType: 'boolean',
    errors: false,
    validate: noteSubjectValue,
  });
  return instance;
}
