export { embeddedUrl } from './embedded-url';
export { startEmbeddedPostgres } from './start';
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './start';
export { EmbeddedPostgresFailed, PlatformNotSupported } from './errors';
