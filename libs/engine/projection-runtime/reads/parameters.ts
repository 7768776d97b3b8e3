/** Collects a statement's values; `$` gives back the placeholder of each. */
export class StatementParameters {
  readonly values: (string | number | boolean | null)[] = [];

  $(value: string | number | boolean | null): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}
