// The peer of the HTTP figures: a bare Fastify that parses a JSON body and answers with it.
import fastify from 'fastify';

const server = fastify();
server.post('/echo', (request, reply) => reply.code(201).send(request.body));
process.stdout.write(`${await server.listen({ host: '127.0.0.1', port: 0 })}\n`);
