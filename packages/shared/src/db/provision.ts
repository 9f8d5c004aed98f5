export interface RolePasswords {
  readonly owner: string;
  readonly api: string;
  readonly worker: string;
}

export interface ProvisionedUrls {
  readonly ownerUrl: string;
  readonly apiUrl: string;
  readonly workerUrl: string;
}

/**
 * What a database administrator does once per installation, as a superuser: creates the roles `wd_owner`, `wd_api`
 * and `wd_worker` (or sets their passwords) and a database that `wd_owner` owns. Safe to run again. Follow it with
 * `migrate`.
 */
export function provisionDatabase(_options: {
  readonly superuserUrl: string;
  readonly databaseName: string;
  readonly passwords: RolePasswords;
}): Promise<ProvisionedUrls> {
  throw new Error("not written yet");
}
