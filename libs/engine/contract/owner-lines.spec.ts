import { OwnerLines } from './owner-lines';

function linesOf(items: readonly string[]): OwnerLines<string> {
  const lines = new OwnerLines<string>();
  for (const item of items) lines.put(item[0] ?? '', item);
  return lines;
}

/** All that is taken, in this order. */
function taken(lines: OwnerLines<string>, mayHave?: (owner: string) => boolean): readonly string[] {
  const items: string[] = [];
  for (let next = lines.take(mayHave); next !== undefined; next = lines.take(mayHave)) items.push(next.item);
  return items;
}

describe('lines of owners', () => {
  it('are taken from in turns, each in its order', () => {
    const lines = linesOf(['a1', 'a2', 'a3', 'b1', 'c1', 'c2']);
    expect(taken(lines)).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
    expect(lines.isEmpty).toBe(true);
  });

  it('let whoever may have no turn wait at its place', () => {
    const lines = linesOf(['a1', 'b1', 'b2', 'c1']);
    expect(taken(lines, (owner) => owner !== 'a')).toEqual(['b1', 'c1', 'b2']);
    expect([lines.isEmpty, lines.countOf('a'), lines.countOf('b')]).toEqual([false, 1, 0]);
    expect(taken(lines)).toEqual(['a1']);
  });

  it('forget what waits no more', () => {
    const lines = linesOf(['a1', 'a2', 'b1']);
    lines.remove('a', 'a1');
    lines.remove('b', 'b1');
    lines.remove('b', 'never there');
    expect(taken(lines)).toEqual(['a2']);
    expect(lines.isEmpty).toBe(true);
  });
});
