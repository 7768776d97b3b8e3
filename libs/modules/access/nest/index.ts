import type { ApiParts } from '@fintech-ledger/http';
import { optional, time } from '@fintech-ledger/shapes';
import { ApiKeysController } from '../api-keys/api-keys.controller';
import { IssueApiKeyHandler } from '../api-keys/issue-api-key.handler';
import { ListApiKeysHandler } from '../api-keys/list-api-keys.handler';
import { RenewApiKeyHandler } from '../api-keys/renew-api-key.handler';
import { WithdrawApiKeyHandler } from '../api-keys/withdraw-api-key.handler';
import { SandboxClockController } from '../clock/clock.controller';
import { AskClockHandler, SetClockHandler } from '../clock/set-clock.handler';
import { GetSandboxHandler } from '../sandboxes/get-sandbox.handler';
import { ListSandboxesHandler } from '../sandboxes/list-sandboxes.handler';
import { MakeSandboxHandler } from '../sandboxes/make-sandbox.handler';
import { SandboxesController } from '../sandboxes/sandboxes.controller';

// What Nest composes: loading it loads Nest, so processes that need only the shapes import the index beside it.
export { CreateApiKeyDto, RotateApiKeyDto } from '../api-keys/api-key.dto';

/** What the API's process composes of access. */
export const accessApi: ApiParts = {
  problems: {
    facts: {
      time: optional(
        time('`clock_too_far`, where an advance has too much to run: what time it is in the sandbox now.'),
      ),
    },
    factsOfEach: {},
  },
  controllers: [SandboxesController, SandboxClockController, ApiKeysController],
  providers: [
    MakeSandboxHandler,
    ListSandboxesHandler,
    GetSandboxHandler,
    SetClockHandler,
    AskClockHandler,
    IssueApiKeyHandler,
    ListApiKeysHandler,
    RenewApiKeyHandler,
    WithdrawApiKeyHandler,
  ],
};
