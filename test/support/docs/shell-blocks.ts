/** A fenced `sh` block of a document, with the `json` block that follows it at once: what its last line answers. */
export interface ShellBlock {
  /** The line of its fence. */
  readonly line: number;
  readonly text: string;
  /** Why it can't be run by a test: the comment `<!-- not run: why -->` before the block. */
  readonly notRun?: string;
  /** The value that the document shows as the answer; `…` in a text stands for anything. */
  readonly answer?: unknown;
}

const fence = /^```(\w*)\n([^]*?)^```$/gm;

/** The `sh` blocks of a Markdown text, in order. */
export function shellBlocks(markdown: string): readonly ShellBlock[] {
  const blocks: ShellBlock[] = [];
  let before = { isShell: false, end: 0 };
  for (const match of markdown.matchAll(fence)) {
    const [whole, language, text = ''] = match;
    const between = markdown.slice(before.end, match.index);
    const isShell = language === 'sh';
    if (isShell) {
      const line = markdown.slice(0, match.index).split('\n').length;
      const notRun = /<!-- not run: ([^]+?) -->\s*$/.exec(between)?.[1];
      blocks.push({ line, text, ...(notRun === undefined ? {} : { notRun }) });
    }
    const last = blocks.at(-1);
    if (language === 'json' && before.isShell && between.trim() === '' && last !== undefined)
      blocks[blocks.length - 1] = { ...last, answer: JSON.parse(text) };
    before = { isShell, end: match.index + whole.length };
  }
  return blocks;
}

/** Whether a value is what a document shows: the same members, with `…` in a text for anything. */
export function isAsShown(value: unknown, shown: unknown): boolean {
  if (typeof shown === 'string' && shown.includes('…'))
    return typeof value === 'string' && isLike(value, shown);
  if (typeof shown !== 'object' || shown === null) return value === shown;
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(shown))
    return false;
  const [given, wanted] = [value as Record<string, unknown>, shown as Record<string, unknown>];
  const names = Object.keys(wanted);
  return (
    names.length === Object.keys(given).length && names.every((name) => isAsShown(given[name], wanted[name]))
  );
}

function isLike(value: string, shown: string): boolean {
  const parts = shown.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`, 's').test(value);
}
