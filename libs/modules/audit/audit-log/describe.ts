import { snakeCase } from '@fintech-ledger/contract';
import type { PublicEventRegistry } from '@fintech-ledger/events';
import { answeredBy } from '@fintech-ledger/ledger/domain';
import { keyOf } from './keys';

type Data = Readonly<Record<string, unknown>>;

/** What an event is about. */
export interface Target {
  readonly type: string;
  readonly id: string;
}

/** An object as an event left it. */
export interface Described {
  /** Two of one shape can be compared. */
  readonly shape: unknown;
  readonly object: Data;
}

/** Of events that clients are not told of: what only serves the process itself, or leads to a secret. */
const internal: ReadonlySet<string> = new Set([
  'hmac',
  'headersRef',
  'secretGeneration',
  'olderSecrets',
  'call',
]);

/** What is said of an event: as clients are told of it, where they are, else by its own name and members. */
export class Descriptions {
  private readonly actions = new Map<string, string>();
  private readonly keys = new Map<string, number>();

  constructor(private readonly registry: Pick<PublicEventRegistry, 'toldBy'>) {}

  /** Such as `api_key.created`. */
  action(type: string): string {
    const known = this.actions.get(type);
    if (known !== undefined) return known;
    const action = this.registry.toldBy(type)[0]?.name ?? dotted(type);
    this.actions.set(type, action);
    return action;
  }

  actionKey(type: string): number {
    const known = this.keys.get(type);
    if (known !== undefined) return known;
    const key = keyOf(this.action(type));
    this.keys.set(type, key);
    return key;
  }

  /** What it is found under, each once; the first is what it is about. */
  names(said: string, says: object): readonly string[] {
    const { type, data } = meant(said, says);
    const told = this.registry.toldBy(type);
    if (told.length === 0) return idIn(data as Data) ?? [];
    if (told.length === 1) return told[0]?.idsOf(data) ?? [];
    return [...new Set(told.flatMap((one) => one.idsOf(data)))];
  }

  target(said: string, says: object): Target | null {
    const { type, data } = meant(said, says);
    const [object = ''] = this.action(type).split('.', 1);
    const [id] = this.names(type, data);
    return id === undefined ? null : { type: object, id };
  }

  object(said: string, says: object): Described {
    const { type, data } = meant(said, says);
    const told = this.registry.toldBy(type)[0];
    if (told !== undefined) return { shape: told.object, object: told.objectOf(data) as Data };
    return { shape: type.split(/(?=[A-Z])/)[0], object: snake(only(data as Data)) };
  }

  /** Members as they were before every such event. */
  previous(type: string): Data | undefined {
    return this.registry.toldBy(type)[0]?.previous as Data | undefined;
  }
}

/** Of what changed nothing, the event that it would have been: it has the object as it is. */
function meant(type: string, data: object): { readonly type: string; readonly data: object } {
  return answeredBy({ type, data })?.at(-1) ?? { type, data };
}

/** `WebhookEndpointChanged` is `webhook_endpoint.changed`. */
function dotted(type: string): string {
  const words = type.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  const verb = words.pop() ?? '';
  return words.length === 0 ? verb : `${words.join('_')}.${verb}`;
}

const isObject = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first id in the event: of its object, or of what it names. */
function idIn(data: Data): readonly string[] | undefined {
  for (const [name, value] of Object.entries(data)) {
    if (isObject(value) && typeof value['id'] === 'string') return [value['id']];
    if (typeof value === 'string' && (name === 'id' || name.endsWith('Id') || name === 'code'))
      return [value];
  }
  return undefined;
}

/** The one object that an event has, or all that it says. */
function only(data: Data): Data {
  const objects = Object.values(data).filter(isObject);
  return objects.length === 1 ? (objects[0] as Data) : data;
}

/** Names of members as the API writes them. What is under `metadata` has the client's names. */
function snake(data: Data): Data {
  const members = Object.entries(data).filter(([name]) => !internal.has(name));
  return Object.fromEntries(
    members.map(([name, value]) => [
      snakeCase(name),
      isObject(value) && name !== 'metadata' ? snake(value) : value,
    ]),
  );
}
