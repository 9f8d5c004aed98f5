/** Placeholder of the compact graph until its builder lands. */
export interface Graph {
  /** Number of steps; node `size` is the virtual root in front of all triggers. */
  readonly size: number;
}
