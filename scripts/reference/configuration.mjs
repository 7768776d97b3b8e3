// docs/reference/configuration.md: what the code reads, with its defaults and bounds, and what it means.

/**
 * @typedef {{ kind: string, parameters: readonly unknown[] }} Reading how a variable is read: the reader's method, and what it was told
 */

/**
 * Lets the code read an empty environment and notes what it asks for.
 * @param {new (...parameters: any[]) => object} Reader the class that reads single variables
 * @param {() => unknown} readConfig
 * @returns {Map<string, Reading>} by the variable's name
 */
export function recordReadings(Reader, readConfig) {
  /** @type {Map<string, Reading>} */
  const readings = new Map();
  const { prototype } = Reader;
  const methods = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
  const originals = methods.map((name) => prototype[name]);
  let depth = 0;
  for (const [index, kind] of methods.entries())
    prototype[kind] = function (/** @type {string} */ name, ...parameters) {
      if (depth === 0 && kind === 'renamed')
        readings.set(String(parameters[0]), { kind: 'text', parameters: [] });
      // One method asks another one; what was asked first says what it is.
      if (depth === 0) readings.set(name, { kind, parameters });
      depth += 1;
      try {
        return originals[index].call(this, name, ...parameters);
      } finally {
        depth -= 1;
      }
    };
  try {
    readConfig();
  } finally {
    for (const [index, kind] of methods.entries()) prototype[kind] = originals[index];
  }
  return readings;
}

/**
 * The rows of one group's table.
 * @param {readonly import('./variables.mjs').Variable[]} variables
 * @param {ReadonlyMap<string, Reading>} readings
 */
export function configurationTable(variables, readings) {
  const rows = variables.map(({ name, option, byDefault, meaning }) => {
    const reading = readings.get(name);
    const cells = [`\`${name}\``, byDefault ?? defaultOf(reading), valuesOf(reading), meaning];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')}${option === undefined ? '' : ` (\`${option}\`)`} |`;
  });
  return ['| variable | default | values | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/**
 * Variables that are read and not described, and the other way round.
 * @param {readonly { name: string }[]} variables
 * @param {ReadonlyMap<string, unknown>} readings
 */
export function undescribed(variables, readings) {
  const described = new Set(variables.map(({ name }) => name));
  return [
    ...[...readings.keys()]
      .filter((name) => !described.has(name))
      .map((name) => `${name} is read and not described`),
    ...[...described]
      .filter((name) => !readings.has(name))
      .map((name) => `${name} is described and not read`),
  ];
}

/** @param {Reading | undefined} reading */
function defaultOf(reading) {
  if (reading === undefined) return '';
  const { kind, parameters } = reading;
  if (kind === 'integer' || kind === 'ratio') return `\`${parameters[0]}\``;
  return kind === 'oneOf' ? `\`${parameters[1]}\`` : '';
}

/** @param {Reading | undefined} reading */
function valuesOf(reading) {
  if (reading === undefined) return '';
  const { kind, parameters } = reading;
  const number = (value) => Number(value).toLocaleString('en-US');
  if (kind === 'integer') return `${number(parameters[1])} to ${number(parameters[2])}`;
  if (kind === 'ratio') return '0 to 1';
  if (kind === 'secret')
    return Number(parameters[0]) > 1 ? `at least ${parameters[0]} characters` : 'a secret';
  return kind === 'oneOf'
    ? [parameters[0]]
        .flat()
        .map((value) => `\`${value}\``)
        .join(', ')
    : '';
}
