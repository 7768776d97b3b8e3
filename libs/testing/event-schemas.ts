import { schemaText } from '@fintech-ledger/contract';
import type { AnyEventType, EventList } from '@fintech-ledger/contract';
import Ajv2020 from 'ajv/dist/2020';
import type { ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

interface AnyEvent {
  readonly type: string;
  readonly data: object;
}

/** Holds events to their published schemas: a domain's types say less than those, of amounts for example. */
export class EventSchemas {
  private readonly ajv = new Ajv2020({ allowUnionTypes: true });
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(private readonly events: EventList<AnyEventType>) {
    addFormats(this.ajv);
  }

  /** @throws Error the event is not as its schema says */
  check({ data, type }: AnyEvent): void {
    const validate = this.validators.get(type) ?? this.compiled(type);
    // As it is stored: what is undefined is left out.
    if (validate(JSON.parse(JSON.stringify(data)))) return;
    const [first] = validate.errors ?? [];
    throw new Error(`${type}${first?.instancePath ?? ''} ${first?.message ?? ''}: ${JSON.stringify(data)}`);
  }

  private compiled(name: string): ValidateFunction {
    const newest = this.events.of(name).versions.at(-1);
    if (newest === undefined) throw new Error(`${name} has no version`);
    const validate = this.ajv.compile(JSON.parse(schemaText({ name, ...newest })) as object);
    this.validators.set(name, validate);
    return validate;
  }
}
