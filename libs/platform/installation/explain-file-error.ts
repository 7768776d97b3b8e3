import { StartupFailed } from './startup-failed';

const sentences: Readonly<Record<string, (folder: string) => string>> = {
  EROFS: (folder) =>
    `The data folder ${folder} is on a read-only file system: choose another with --data-dir (DATA_DIR).`,
  EACCES: (folder) =>
    `The data folder ${folder} may not be read or written by this user: change its owner, or choose another with --data-dir (DATA_DIR).`,
  EPERM: (folder) =>
    `The data folder ${folder} may not be changed by this user: change its owner, or choose another with --data-dir (DATA_DIR).`,
  ENOSPC: (folder) => `The disk of the data folder ${folder} is full: make room and start again.`,
  EDQUOT: (folder) => `The disk quota of the data folder ${folder} is used up: make room and start again.`,
  ENOTDIR: (folder) => `The data folder ${folder} can't be made: a part of its path is a file.`,
  ELOOP: (folder) => `The data folder ${folder} can't be made: its path leads in a circle.`,
  ENAMETOOLONG: (folder) => `The data folder ${folder} can't be made: its path is too long.`,
  EEXIST: (folder) => `The data folder ${folder} can't be used: it is a file.`,
};

const noFolders = (folder: string): string =>
  `The data folder ${folder} can't be made: its file system takes no folders: ` +
  'choose another with --data-dir (DATA_DIR).';

/** Turns a file system error about the data folder into a sentence; anything else stays what it is. */
export function explainFileError(error: unknown, folder: string): unknown {
  const { code = '', syscall } = (error ?? {}) as NodeJS.ErrnoException;
  const sentence = code === 'ENOENT' && syscall === 'mkdir' ? noFolders : sentences[code];
  return sentence === undefined ? error : new StartupFailed(sentence(folder), { cause: error });
}
