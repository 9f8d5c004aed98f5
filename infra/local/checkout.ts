import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The root folder of this checkout. */
export const checkout: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Downloads that can be had again; git-ignored. */
export const cacheFolder: string = join(checkout, ".cache");

/** Where the local stack keeps its data: DATA_DIR, else the git-ignored `.data` of the checkout. */
export function dataFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return resolve(environment["DATA_DIR"] || join(checkout, ".data"));
}
