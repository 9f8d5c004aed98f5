import { join } from "node:path";
import { unpackDebianPackages } from "./debian-packages.ts";

/** The unpacked server and its libraries, or why there are none. */
type UnpackedRedis =
  | { readonly program: string; readonly libraries: string; readonly reason?: never }
  | { readonly program?: never; readonly libraries?: never; readonly reason: string };

/** Redis from the distribution's own packages, unpacked into the cache folder. */
export async function unpackRedisFromDebian(cacheFolder: string): Promise<UnpackedRedis> {
  const { root, libraries, reason } = await unpackDebianPackages(cacheFolder, {
    name: "redis",
    packages: ["redis-server", "redis-tools"],
    libraries: ["libjemalloc2", "liblzf1", "liblua5.1-0", "libatomic1", "libssl3", "libssl3t64"],
  });
  if (root === undefined) return { reason };
  return { program: join(root, "usr", "bin", "redis-server"), libraries };
}
