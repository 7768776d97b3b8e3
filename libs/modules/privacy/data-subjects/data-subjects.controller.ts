import {
  bodyOf,
  commandContext,
  Endpoint,
  organizationReaderOf,
  pageOf,
  pathParameter,
  principalOf,
  queryOfRequest,
  sendAnswer,
  sendOutcome,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import {
  dataSubjectAnswer,
  dataSubjectCommandRefusals,
  dataSubjectPage,
  dataSubjectShape,
} from '@fintech-ledger/privacy/domain';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CreateDataSubjectDto, DataSubjectsQuery } from './data-subject.dto';
import { dataSubjectParameter } from './data-subject-parameter';
import { DataSubjectReads } from './data-subject-reads';
import { DataSubjectWriter } from './data-subject-writer';

const tag = 'Data subjects';
const read = { method: 'GET', tag, scope: 'organization:read', kind: 'read' } as const;
const command = { method: 'POST', tag, scope: 'organization:admin', kind: 'command' } as const;
const ofSubject = { livemodeOf: 'itself' } as const;
const one = { path: '/v1/data_subjects/:subject', parameters: [dataSubjectParameter] };
/** What the path refuses need not be said again. */
const ofPath = 1;

@Controller()
export class DataSubjectsController {
  constructor(
    @Inject(DataSubjectWriter) private readonly writer: DataSubjectWriter,
    @Inject(DataSubjectReads) private readonly reads: DataSubjectReads,
  ) {}

  @Endpoint({
    ...command,
    path: '/v1/data_subjects',
    operation: 'createDataSubject',
    summary: 'Create a data subject',
    description:
      'Somebody of whom values are kept in metadata: `{"subject": "sub_…", "value": "…"}` in place of a text is ' +
      'encrypted with their key, in events, read models and webhooks’ stored bodies alike, and is shown decrypted.',
    body: CreateDataSubjectDto,
    answer: { status: 201, schema: dataSubjectAnswer, description: 'The data subject.', ...ofSubject },
    example: { reference: 'user-17' },
    refusals: dataSubjectCommandRefusals.CreateDataSubject,
  })
  async create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { reference } = bodyOf<CreateDataSubjectDto>(request);
    const context = commandContext(request, { reference: true });
    sendOutcome(reply, await this.writer.create(reference, context), context.organizationId);
  }

  @Endpoint({
    ...read,
    path: '/v1/data_subjects',
    operation: 'listDataSubjects',
    summary: 'List the data subjects, newest first',
    query: DataSubjectsQuery,
    answer: {
      status: 200,
      schema: dataSubjectPage,
      description: 'A page of data subjects.',
      livemodeOf: 'data',
    },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<DataSubjectsQuery>(request);
    const { reference, erased } = query;
    const asked = {
      ...(reference !== undefined && { reference }),
      ...(erased !== undefined && { isErased: erased === 'true' }),
    };
    const answer = await this.reads.subjects(organizationReaderOf(request), asked, pageOf(query));
    sendAnswer(reply, answer, principalOf(request).organizationId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getDataSubject',
    summary: 'Get a data subject',
    answer: { status: 200, schema: dataSubjectShape, description: 'The data subject.', ...ofSubject },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const id = pathParameter(request, 'subject');
    const answer = await this.reads.subject(organizationReaderOf(request), id);
    sendAnswer(reply, answer, principalOf(request).organizationId);
  }

  @Endpoint({
    ...command,
    path: `${one.path}/erase`,
    parameters: one.parameters,
    operation: 'eraseDataSubject',
    summary: 'Erase a data subject',
    description:
      'Destroys their key, for good: every value that was kept of them reads ' +
      '`{"subject": "sub_…", "value": null, "erased": true}` from then on, wherever it is shown, and their reference ' +
      'is null. Events stay as they are, so that hashes and proofs hold.',
    answer: {
      status: 200,
      schema: dataSubjectAnswer,
      description: 'The data subject, erased.',
      ...ofSubject,
    },
    refusals: dataSubjectCommandRefusals.EraseDataSubject.slice(ofPath),
  })
  async erase(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const context = commandContext(request);
    const outcome = await this.writer.erase(pathParameter(request, 'subject'), context);
    sendOutcome(reply, outcome, context.organizationId);
  }
}
