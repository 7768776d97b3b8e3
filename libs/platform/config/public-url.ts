import type { Config } from './config';

/** Where a browser on this machine reaches what listens on a port. */
export const localUrl = (port: number): string => `http://localhost:${port}`;

/** Where browsers reach the API. @param port that it listens on; with a PORT of 0 it is known only then */
export const publicUrlAt = ({ publicUrl }: Pick<Config, 'publicUrl'>, port: number): string =>
  publicUrl === localUrl(0) ? localUrl(port) : publicUrl;
