const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const walkedDepthMax = 200;

export interface DuplicateName {
  readonly name: string;
  /** A JSON pointer (RFC 6901) to the member that appears twice. */
  readonly pointer: string;
}

/**
 * The first name that an object of a JSON text gives to two members (RFC 8259, 4: what a parser makes of that is its own affair), at any depth. JSON.parse takes
 * the last one and says nothing, so the names of the text are counted against the members of its value, and only a difference is looked for.
 * @param value what JSON.parse made of `text`
 */
export function duplicateName(text: string, value: unknown): DuplicateName | undefined {
  return namesOf(text) === membersOf(value) ? undefined : findDuplicate(text);
}

/** Every colon outside of a string follows a name. */
function namesOf(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === colon) count += 1;
    else if (code === quote) {
      for (i += 1; i < text.length; i += 1) {
        const inside = text.charCodeAt(i);
        if (inside === quote) break;
        if (inside === backslash) i += 1;
      }
    }
  }
  return count;
}

/** NaN, so unequal to everything, for what is too deep to be walked. */
function membersOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > walkedDepthMax) return Number.NaN;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) {
      if (typeof item === 'object') count += membersOf(item, depth + 1);
    }
    return count;
  }
  // What JSON.parse makes has its members as own properties, __proto__ too, and nothing else.
  for (const name of Object.keys(value)) {
    const item = (value as Readonly<Record<string, unknown>>)[name];
    count += 1;
    if (typeof item === 'object') count += membersOf(item, depth + 1);
  }
  return count;
}

interface Frame {
  /** Of an object: the names so far; of an array: absent. */
  readonly names: Set<string> | undefined;
  /** Where it stands, as a pointer. */
  readonly pointer: string;
  /** The member or item that is being read. */
  at: string | number;
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\],]/gs;

function findDuplicate(text: string): DuplicateName | undefined {
  const frames: Frame[] = [];
  let isNameNext = false;
  for (const [part] of text.matchAll(token)) {
    const frame = frames.at(-1);
    if (part === '{' || part === '[') {
      const pointer = frame === undefined ? '' : pointerTo(frame, frame.at);
      frames.push({ names: part === '{' ? new Set() : undefined, pointer, at: 0 });
      isNameNext = part === '{';
    } else if (part === '}' || part === ']') {
      frames.pop();
      isNameNext = false;
    } else if (part === ',') {
      isNameNext = frame?.names !== undefined;
      if (typeof frame?.at === 'number') frame.at += 1;
    } else if (isNameNext && frame?.names !== undefined) {
      const name = JSON.parse(part) as string;
      if (frame.names.has(name)) return { name, pointer: pointerTo(frame, name) };
      frame.names.add(name);
      frame.at = name;
      isNameNext = false;
    }
  }
  return undefined;
}

function pointerTo({ pointer }: Frame, part: string | number): string {
  return `${pointer}/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
