import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  apiLogPort,
  Endpoint,
  noteMade,
  pathParameter,
  principalOf,
  queryOfRequest,
  readerOf,
  sendAnswer,
  sendJson,
  wholePageOf,
  WholePageQuery,
} from '@fintech-ledger/http';
import type { ApiLog, ApiRequest } from '@fintech-ledger/http';
import { ledgerParameter } from '@fintech-ledger/ledger';
import type { At } from '@fintech-ledger/projection-runtime';
import { auditKeysPort } from '../keys/audit-keys';
import type { AuditKeyFacts, AuditKeys } from '../keys/audit-keys';
import { AuditReads } from './audit-reads';
import {
  auditKeyListShape,
  auditKeyShape,
  consistencyProofShape,
  inclusionProofShape,
  treeHeadShape,
} from './audit-shapes';
import type { AuditKeyView } from './audit-shapes';
import { ConsistencyQuery, ProofQuery } from './audit.dto';
import { notInTree } from './not-in-tree';

const read = { method: 'GET', tag: 'Audit', scope: 'audit:read', kind: 'read' } as const;
const ofLedger = { ...read, parameters: [ledgerParameter] };

@Controller()
export class AuditController {
  constructor(
    @Inject(AuditReads) private readonly reads: AuditReads,
    @Inject(auditKeysPort) private readonly keys: AuditKeys,
    @Inject(apiLogPort) private readonly log: ApiLog,
  ) {}

  @Endpoint({
    ...ofLedger,
    path: '/v1/ledgers/:ledger/audit/head',
    operation: 'getTreeHead',
    summary: "Get the signed head of a ledger's Merkle log",
    description:
      'Keep it elsewhere: who has an older head can prove that the ledger still begins with what it was then, and ' +
      'that nothing is missing.',
    answer: { status: 200, schema: treeHeadShape, description: 'The head.' },
  })
  async head(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    this.answer(reply, request, await this.reads.head(readerOf(request)));
  }

  @Endpoint({
    ...ofLedger,
    path: '/v1/ledgers/:ledger/audit/proof',
    operation: 'getInclusionProof',
    summary: 'Prove that an event is in the tree',
    query: ProofQuery,
    answer: { status: 200, schema: inclusionProofShape, description: 'The proof.' },
    refusals: [notInTree],
  })
  async proof(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { revision, size } = queryOfRequest<ProofQuery>(request);
    const answer = await this.reads.inclusion(readerOf(request), Number(revision), numberOf(size));
    this.answer(reply, request, answer);
  }

  @Endpoint({
    ...ofLedger,
    path: '/v1/ledgers/:ledger/audit/consistency',
    operation: 'getConsistencyProof',
    summary: 'Prove that the tree begins with an older one',
    query: ConsistencyQuery,
    answer: { status: 200, schema: consistencyProofShape, description: 'The proof.' },
    refusals: [notInTree],
  })
  async consistency(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { from, to } = queryOfRequest<ConsistencyQuery>(request);
    this.answer(reply, request, await this.reads.consistency(readerOf(request), Number(from), numberOf(to)));
  }

  @Endpoint({
    ...read,
    kind: 'plain',
    path: '/v1/audit/keys',
    operation: 'listAuditKeys',
    summary: 'List the keys that heads are signed with, newest first',
    query: WholePageQuery,
    answer: { status: 200, schema: auditKeyListShape, description: 'A page of keys, the newest first.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = await this.keys.list(wholePageOf(queryOfRequest<WholePageQuery>(request)));
    sendJson(reply, { ...page, data: page.data.map(keyView) });
  }

  @Endpoint({
    method: 'POST',
    path: '/v1/audit/keys',
    operation: 'rotateAuditKey',
    tag: 'Audit',
    summary: 'Have a new key sign heads',
    description: 'The one before is retired: it signs no more, and what it signed can still be checked.',
    scope: 'ops:write',
    kind: 'plain',
    answer: { status: 201, schema: auditKeyShape, description: 'The new key.' },
  })
  async rotate(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const key = keyView(await this.keys.rotate());
    const facts = { api_key: principalOf(request).apiKeyId, request_id: request.id, key_id: key.key_id };
    this.log.warn(facts, 'an operator had a new key sign tree heads');
    noteMade(request, 'audit_key', key.key_id);
    void reply.code(201);
    sendJson(reply, key);
  }

  private answer(reply: FastifyReply, request: ApiRequest, answer: At<object>): void {
    sendAnswer(reply, answer, pathParameter(request, 'ledger'));
  }
}

const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);

function keyView({ keyId, publicKey, createdAt, retiredAt }: AuditKeyFacts): AuditKeyView {
  return { key_id: keyId, public_key: publicKey, created_at: createdAt, retired_at: retiredAt };
}
