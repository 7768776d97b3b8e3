import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { documentationScript } from './documentation-page';

const files: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

export interface Asset {
  readonly contentType: string;
  readonly bytes: Buffer | string;
}

/** A file of the reference page, from the installed package; undefined for any other name. */
export async function swaggerAsset(file: string): Promise<Asset | undefined> {
  if (file === 'reference.js') {
    return { contentType: 'text/javascript; charset=utf-8', bytes: documentationScript };
  }
  const contentType = Object.hasOwn(files, file) ? files[file] : undefined;
  if (contentType === undefined) return undefined;
  const folder = path.dirname(require.resolve('swagger-ui-dist/package.json'));
  return { contentType, bytes: await readFile(path.join(folder, file)) };
}
