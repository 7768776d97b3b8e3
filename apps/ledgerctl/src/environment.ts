import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Failure } from './failure';

/** Where the server is and who asks, as far as the environment says. Read here only. */
export interface Environment {
  readonly url: string;
  readonly apiKey: string | undefined;
}

const defaultUrl = 'http://127.0.0.1:8080';

/** `LEDGER_URL` and `LEDGER_API_KEY`; without the key, the first one of a local data folder (`DATA_DIR`, else ./.data). */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const folder = variables['DATA_DIR'] ?? path.resolve('.data');
  return {
    url: variables['LEDGER_URL'] || defaultUrl,
    apiKey: variables['LEDGER_API_KEY'] || localApiKey(folder),
  };
}

function localApiKey(folder: string): string | undefined {
  const file = path.join(folder, 'api-key');
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Failure(
      `The API key of the data folder (DATA_DIR) can't be read: ${message}. Set LEDGER_API_KEY.`,
    );
  }
}
