import { importsMax } from './limits';
import { OngoingImports } from './ongoing-imports';

describe('OngoingImports', () => {
  it('takes as many as it may, and one more when one has ended', async () => {
    const imports = new OngoingImports();
    const ends: (() => void)[] = [];
    const going = Array.from({ length: importsMax }, () =>
      imports.run(() => new Promise<void>((resolve) => ends.push(resolve))),
    );
    await expect(imports.run(async () => undefined)).rejects.toMatchObject({ code: 'too_many_streams' });
    ends[0]?.();
    await going[0];
    await expect(imports.run(async () => 'done')).resolves.toBe('done');
    for (const end of ends) end();
    await Promise.all(going);
  });
});
