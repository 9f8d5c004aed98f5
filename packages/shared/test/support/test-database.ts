export interface TestDatabase {
  readonly name: string;
  /** Role wd_owner. */
  readonly ownerUrl: string;
  /** Role wd_api. */
  readonly apiUrl: string;
  /** Role wd_worker. */
  readonly workerUrl: string;
  /** A superuser in this database: for faults only (killing backends, looking past row security). */
  readonly superuserUrl: string;
  /** Ends every connection to the database and removes it. */
  drop(): Promise<void>;
}

/** A fresh, migrated database on the server of `TEST_POSTGRES_URL`. */
export function createTestDatabase(): Promise<TestDatabase> {
  throw new Error("not written yet");
}
