import type { Migration } from "kysely/migration";
import * as tables from "./0001-tables.ts";
import * as rowSecurity from "./0002-row-security.ts";
import * as functions from "./0003-functions.ts";

/** All migrations by name, in order of name. One that has been released is never edited. */
export const migrations: Readonly<Record<string, Migration>> = {
  "0001-tables": tables,
  "0002-row-security": rowSecurity,
  "0003-functions": functions,
};
