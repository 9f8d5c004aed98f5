import { spawnSync } from "node:child_process";

export interface Ran {
  /** Exit code; 127 when the program is not there. */
  readonly status: number;
  /** Both channels. */
  readonly output: string;
}

/** Runs a program to its end. */
export function run(
  program: string,
  words: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string; readonly timeoutMs?: number } = {},
): Ran {
  const { env, cwd, timeoutMs = 1_200_000 } = options;
  const ran = spawnSync(program, words, {
    encoding: "utf8",
    env: { ...process.env, ...env },
    timeout: timeoutMs,
    maxBuffer: 64 * 1024 * 1024,
    ...(cwd === undefined ? {} : { cwd }),
  });
  return {
    status: ran.status ?? (ran.error === undefined ? 1 : 127),
    output: `${ran.stdout ?? ""}${ran.stderr ?? ""}`,
  };
}
