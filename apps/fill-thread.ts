import { runFillThread } from '@fintech-ledger/runtime';
import { modules } from './modules';

// Fills a part of a read model that is rebuilt: a thread of whoever rebuilds it.
runFillThread(modules);
