/** An element of a message, with its texts trimmed. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
  /** Where it is: names from the root on, with a number from 1 where one name is there several times. */
  readonly path: string;
}

/** The first one along the names. */
export function descendant(element: Element | undefined, ...names: readonly string[]): Element | undefined {
  let at = element;
  for (const name of names) at = at?.children.find((each) => each.name === name);
  return at;
}

/** The first one that is there of several paths, such as those of two versions of a message. */
export function firstOf(element: Element | undefined, ...paths: readonly string[]): Element | undefined {
  for (const path of paths) {
    const found = descendant(element, ...path.split('/'));
    if (found !== undefined) return found;
  }
  return undefined;
}

export const childrenOf = ({ children }: Element, name: string): readonly Element[] =>
  children.filter((each) => each.name === name);
