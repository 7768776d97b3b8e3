export { booksModule } from './books.module';
