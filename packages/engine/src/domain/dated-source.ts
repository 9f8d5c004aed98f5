/**
 * Where a table of platform facts comes from. HighLevel has no versioned specification, so each table says when it was
 * read and from what; a fact that turns out wrong is corrected here and nowhere else.
 */
export interface DatedSource {
  /** ISO date of the newest source. */
  readonly asOf: string;
  /** Help articles (`https://help.gohighlevel.com/support/solutions/articles/<id>`), repositories or pages. */
  readonly sources: readonly string[];
}
