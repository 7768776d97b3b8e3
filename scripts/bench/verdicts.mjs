/** Figures beside the limits that they have to keep. */
export class Verdicts {
  rows = [];

  atLeast(name, value, limit) {
    this.rows.push({ name, value, limit: `>= ${limit}`, isKept: value >= limit });
  }

  atMost(name, value, limit) {
    this.rows.push({ name, value, limit: `<= ${limit}`, isKept: value <= limit });
  }

  note(name, value) {
    this.rows.push({ name, value, limit: '', isKept: true });
  }

  /** True when every limit is kept. */
  print() {
    console.log('');
    for (const { name, value, limit, isKept } of this.rows) {
      const shown = value >= 1_000 ? Math.round(value).toString() : value.toFixed(2);
      console.log(
        `${isKept ? (limit ? 'ok    ' : '      ') : 'MISSED'} ${name.padEnd(52)} ${shown.padStart(9)}  ${limit}`,
      );
    }
    return this.rows.every(({ isKept }) => isKept);
  }
}
