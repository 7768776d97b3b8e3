const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/** Walks through a JSON text, or several one after the other, and tells in which members a place of it is. */
export class JsonPath {
  private at = 0;
  /** For each object or array that is open, where the name of its member begins and ends; equal: it has none yet. */
  private readonly starts: number[] = [0];
  private readonly ends: number[] = [0];
  private depth = 0;
  private lastStart = 0;
  private lastEnd = 0;

  constructor(private readonly json: string) {}

  /** The names of the members in which the value is that begins there, the outermost first; asked in order. */
  namesAt(place: number): readonly string[] {
    this.walkTo(place);
    const names: string[] = [];
    for (let at = 0; at <= this.depth; at += 1) {
      const [start = 0, end = 0] = [this.starts[at], this.ends[at]];
      if (end > start) names.push(this.json.slice(start, end));
    }
    return names;
  }

  private walkTo(place: number): void {
    const { json } = this;
    for (; this.at < place; this.at += 1) {
      const code = json.charCodeAt(this.at);
      if (code === quote) this.skipText();
      else if (code === colon) {
        this.starts[this.depth] = this.lastStart;
        this.ends[this.depth] = this.lastEnd;
      } else if (code === 0x7b || code === 0x5b) {
        this.depth += 1;
        this.starts[this.depth] = 0;
        this.ends[this.depth] = 0;
      } else if (code === 0x7d || code === 0x5d) this.depth = Math.max(0, this.depth - 1);
    }
  }

  /** To the quote that ends it. */
  private skipText(): void {
    const start = this.at + 1;
    let end = start - 1;
    do {
      end = this.json.indexOf('"', end + 1);
    } while (end !== -1 && this.isEscaped(end));
    this.lastStart = start;
    this.lastEnd = end === -1 ? this.json.length : end;
    this.at = this.lastEnd;
  }

  private isEscaped(at: number): boolean {
    let backslashes = 0;
    while (this.json.charCodeAt(at - 1 - backslashes) === backslash) backslashes += 1;
    return backslashes % 2 === 1;
  }
}
