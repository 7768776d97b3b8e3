import { StartupFailed } from '@fintech-ledger/installation';
import { openDataFolder } from './data-folder';

/** Where a file system takes no folders, Node's own `recursive` never ends. */
it.each(
  process.platform === 'linux'
    ? [
        [
          '/proc/ledger',
          /^The data folder \/proc\/ledger can't be made: its file system .* \(DATA_DIR\)\.$/u,
        ],
        ['/dev/null/ledger', /a part of its path is a file/u],
        [`/tmp/${'a'.repeat(300)}`, /its path is too long/u],
      ]
    : [],
)('a data folder that can not be made is refused by its name: %s', async (folder, says) => {
  const opening = openDataFolder(folder as string);
  await expect(opening).rejects.toThrow(StartupFailed);
  await expect(opening).rejects.toThrow(says);
});
