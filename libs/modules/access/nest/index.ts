// What Nest composes: loading it loads Nest, so processes that need only the shapes import the index beside it.
export { CreateApiKeyDto } from '../api-keys/api-key.dto';
export { ApiKeysController } from '../api-keys/api-keys.controller';
export { IssueApiKeyHandler } from '../api-keys/issue-api-key.handler';
export { ListApiKeysHandler } from '../api-keys/list-api-keys.handler';
export { WithdrawApiKeyHandler } from '../api-keys/withdraw-api-key.handler';
