/** Answers `readonly ProjectionView[]`. */
export class ListProjections {}
