export { booksDepsPort } from './transfer/books-deps-port';
