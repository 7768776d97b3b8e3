/** What compose refuses to start with. */
export class VariableMissing extends Error {
  override readonly name = 'VariableMissing';
}

const expression = /\$(?:\$|\{(\w+)(?:(:?[-?])((?:[^{}]|\$\{[^{}]*\})*))?\}|(\w+)|)/g;

/**
 * Puts variables into a value as Docker Compose does: `$X`, `${X}`, `${X:-default}`, `${X-default}`, `${X:?message}`, `${X?message}`, `$$`;
 * a default may have one more in it.
 * @throws VariableMissing with the message of `?`
 */
export function interpolate(value: string, variables: Readonly<Record<string, string>>): string {
  return value.replace(
    expression,
    (whole: string, braced?: string, operator = '', text = '', plain?: string) => {
      if (whole === '$$') return '$';
      const name = braced ?? plain;
      if (name === undefined) throw new Error(`"${value}" is not what Docker Compose can interpolate`);
      const found = variables[name];
      if (found !== undefined && !(found === '' && operator.startsWith(':'))) return found;
      if (operator.endsWith('?')) throw new VariableMissing(text);
      return interpolate(text, variables);
    },
  );
}
