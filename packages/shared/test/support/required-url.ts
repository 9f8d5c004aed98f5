/** The address of a server that the tests need. Missing is an error, never a skip. */
export function requiredUrl(name: "TEST_POSTGRES_URL" | "TEST_REDIS_URL"): string {
  const url = process.env[name];
  if (url === undefined || url === "")
    throw new Error(`${name} is not set: run the suites with \`pnpm test\`, which starts the servers they need.`);
  return url;
}
