import { z } from "zod";

/**
 * The variables of each process. Names are those of the documentation's configuration table. In development every one
 * has a working default; in production what has no safe default must be given.
 */

/** Key ring of development only, refused in production. */
const DEVELOPMENT_KEYS = `development:${Buffer.alloc(32, "development only").toString("base64")}`;
const DEVELOPMENT_DATABASE = (role: string) => `postgres://${role}:${role}@127.0.0.1:5432/workflow_debugger`;

const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol.slice(0, -1)),
      `must be a URL that starts with ${protocols.map((protocol) => `${protocol}://`).join(" or ")}`,
    );
const wholeNumber = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d+$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().min(minimum, `must be at least ${minimum}`).max(maximum, `must be at most ${maximum}`));
const list = z.string().transform((text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== ""),
);
const origin = z
  .string()
  .refine(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    "must be origins such as https://app.example.com",
  );
/** Requests per minute; 0 turns the limit off. */
const rateLimit = (perMinute: number) => wholeNumber(0, 1_000_000).default(perMinute);

const everyProcess = {
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
};

const everyService = {
  ...everyProcess,
  DATABASE_URL: url("postgres", "postgresql").optional(),
  QUEUE_URL: url("postgres", "postgresql", "redis", "rediss").or(z.literal("postgres")).optional(),
  ENCRYPTION_KEYS: z.string().optional(),
  DATABASE_POOL_SIZE: wholeNumber(2, 500).default(10),
};

type Service = { NODE_ENV: string; DATABASE_URL?: string | undefined; ENCRYPTION_KEYS?: string | undefined };

function settled<Values extends Service>(role: string) {
  return (values: Values, context: z.RefinementCtx) => {
    if (values.NODE_ENV === "production") {
      for (const name of ["DATABASE_URL", "ENCRYPTION_KEYS"] as const)
        if (values[name] === undefined)
          context.addIssue({ code: "custom", path: [name], message: "must be set in production" });
    }
    return {
      ...values,
      DATABASE_URL: values.DATABASE_URL ?? DEVELOPMENT_DATABASE(role),
      ENCRYPTION_KEYS: values.ENCRYPTION_KEYS ?? DEVELOPMENT_KEYS,
    };
  };
}

const apiVariables = z.object({
  ...everyService,
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z.string().default("127.0.0.1"),
  APP_URL: url("http", "https").default("http://127.0.0.1:3000"),
  PUBLIC_URL: url("http", "https").default("http://127.0.0.1:3000"),
  CORS_ORIGINS: list.pipe(z.array(origin)).default([]),
  /** Addresses or ranges whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: list.default([]),
  OPS_TOKEN: z.string().min(16, "must have at least 16 characters").optional(),
  RATE_LIMIT_AUTH: rateLimit(5),
  RATE_LIMIT_ANALYZE: rateLimit(30),
  RATE_LIMIT_ANALYZE_PRO: rateLimit(120),
  RATE_LIMIT_API: rateLimit(100),
});
const workerVariables = z.object({ ...everyService, WORKER_CONCURRENCY: wholeNumber(1, 256).default(4) });
const migrateVariables = z.object({ ...everyProcess, DATABASE_URL: url("postgres", "postgresql").optional() });

export const apiSchema = apiVariables.transform(settled<z.output<typeof apiVariables>>("wd_api"));
export const workerSchema = workerVariables.transform(settled<z.output<typeof workerVariables>>("wd_worker"));
export const migrateSchema = migrateVariables.transform((values, context) => {
  if (values.NODE_ENV === "production" && values.DATABASE_URL === undefined)
    context.addIssue({ code: "custom", path: ["DATABASE_URL"], message: "must be set in production" });
  return { ...values, DATABASE_URL: values.DATABASE_URL ?? DEVELOPMENT_DATABASE("wd_owner") };
});
