import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Docker } from "./docker.ts";
import { run } from "./run.ts";

/** Images made here, for machines that reach no registry of images: Debian by debootstrap, and this Node. */
export interface LocalImages {
  readonly base: string;
  readonly build: string;
  /** PostgreSQL, Redis and Prometheus. */
  readonly servers: string;
}

const SERVE = `#!/bin/sh
# What the official images of PostgreSQL, Redis and Prometheus do, as far as infra/compose asks for it.
set -eu
[ "$1" = postgres ] || exec "$@"
bin=$(echo /usr/lib/postgresql/*/bin)
mkdir -p "$PGDATA" /var/run/postgresql
chown -R postgres "$PGDATA" /var/run/postgresql
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  echo "$POSTGRES_PASSWORD" > /tmp/password
  chown postgres /tmp/password
  setpriv --reuid postgres --clear-groups "$bin/initdb" --pgdata "$PGDATA" --username postgres --pwfile /tmp/password \\
    --auth-host scram-sha-256 --encoding UTF8 --locale C.UTF-8
  rm /tmp/password
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
fi
exec setpriv --reuid postgres --clear-groups "$bin/postgres" -D "$PGDATA" -c "listen_addresses=*"
`;

const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** Takes some minutes and a gigabyte; null when there is no debootstrap or no right to use it. */
export function makeLocalImages(docker: Docker, say: (words: string) => void): LocalImages | null {
  if (process.getuid?.() !== 0 || run("debootstrap", ["--version"]).status !== 0) return null;
  const work = mkdtempSync(join(tmpdir(), "workflow-debugger-images-"));
  try {
    say("base images: Debian by debootstrap, which takes some minutes");
    const base = bootstrap(join(work, "base"), ["ca-certificates", "libatomic1", "libstdc++6"]);
    cpSync(process.execPath, join(base, "usr/local/bin/node"));
    const images = { base: "wd-local/node", build: "wd-local/node-with-npm", servers: "wd-local/servers" };
    importImage(docker, base, images.base);
    addNpm(base);
    importImage(docker, base, images.build, [`ENV NODE_EXTRA_CA_CERTS=${CERTIFICATES}`]);
    rmSync(base, { recursive: true, force: true });

    const servers = bootstrap(join(work, "servers"), ["postgresql", "redis-server", "prometheus"]);
    const entry = join(servers, "usr/local/bin/serve");
    writeFileSync(entry, SERVE);
    chmodSync(entry, 0o755);
    symlinkSync("/usr/lib/postgresql/15/bin/pg_isready", join(servers, "usr/local/bin/pg_isready"));
    importImage(docker, servers, images.servers, ['ENTRYPOINT ["serve"]', 'CMD ["postgres"]']);
    return images;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function bootstrap(folder: string, packages: readonly string[]): string {
  const made = run("debootstrap", ["--variant=minbase", `--include=${packages.join(",")}`, "bookworm", folder]);
  if (made.status !== 0) throw new Error(`debootstrap failed:\n${made.output.slice(-2_000)}`);
  for (const unneeded of ["var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/man", "usr/share/locale"])
    rmSync(join(folder, unneeded), { recursive: true, force: true });
  return folder;
}

/**
 * The npm of this machine, and the certificates that its registry is trusted by. `npm root --global` would name the folder of
 * the Node that runs this, which has no npm when it came as a package.
 */
function addNpm(folder: string): void {
  const program = run("sh", ["-c", "command -v npm"]).output.trim();
  const npm = dirname(dirname(realpathSync(program)));
  const target = join(folder, "usr/local/lib/node_modules/npm");
  mkdirSync(dirname(target), { recursive: true });
  cpSync(npm, target, { recursive: true });
  for (const name of ["npm", "npx"])
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(folder, "usr/local/bin", name));
  if (existsSync(CERTIFICATES)) cpSync(CERTIFICATES, join(folder, CERTIFICATES));
}

function importImage(docker: Docker, folder: string, tag: string, changes: readonly string[] = []): void {
  const words = changes.flatMap((change) => ["--change", change]);
  docker.pipe(["tar", "-C", folder, "-c", "."], ["import", ...words, "-", tag]);
}
