import type { ApiParts } from '@fintech-ledger/http';
import { ApiKeysController } from '../api-keys/api-keys.controller';
import { IssueApiKeyHandler } from '../api-keys/issue-api-key.handler';
import { ListApiKeysHandler } from '../api-keys/list-api-keys.handler';
import { WithdrawApiKeyHandler } from '../api-keys/withdraw-api-key.handler';

// What Nest composes: loading it loads Nest, so processes that need only the shapes import the index beside it.
export { CreateApiKeyDto } from '../api-keys/api-key.dto';

/** What the API's process composes of access. */
export const accessApi: ApiParts = {
  controllers: [ApiKeysController],
  providers: [IssueApiKeyHandler, ListApiKeysHandler, WithdrawApiKeyHandler],
};
