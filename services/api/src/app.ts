import {
  auditReportMediaTypes,
  auditReportQuery,
  backlogQuery,
  callbackQuery,
  checkoutHeaders,
  deadLettersQuery,
  diffQuery,
  historyQuery,
  loginQuery,
  logoutQuery,
  readQuery,
  referencesQuery,
  reportQuery,
  settingsHeaders,
  submitHeaders,
  traceMediaTypes,
  traceQuery,
  workflowsQuery,
} from "@workflow-debugger/shared/contract";
import { discardDeadLetter, replayDeadLetter } from "@workflow-debugger/shared/db";
import { Hono, type MiddlewareHandler } from "hono";
import { every } from "hono/combine";
import { etag, RETAINED_304_HEADERS } from "hono/etag";
import { diffMediaTypes, readDiffRoute } from "./analyses/diff.ts";
import { listHistoryRoute } from "./analyses/history.ts";
import { readAnalysisRoute } from "./analyses/read.ts";
import { removeAnalysisRoute } from "./analyses/remove.ts";
import { readReportRoute, reportMediaTypes } from "./analyses/report.ts";
import { streamAnalysisRoute } from "./analyses/stream.ts";
import { submitAnalysisRoute } from "./analyses/submit.ts";
import { errorHandler } from "./answers/error-handler.ts";
import { auditView } from "./audits/audit.ts";
import { listReferencesRoute } from "./audits/references.ts";
import { readAuditReportRoute } from "./audits/report.ts";
import { submitAuditRoute } from "./audits/submit.ts";
import { callbackRoute } from "./auth/callback.ts";
import { embeddedSignInRoute } from "./auth/embedded.ts";
import { loginRoute } from "./auth/login.ts";
import { logoutRoute } from "./auth/logout.ts";
import { refreshRoute } from "./auth/refresh.ts";
import { authStatusRoute } from "./auth/status.ts";
import type { AppEnv, Dependencies } from "./dependencies.ts";
import { testAnalyzeRoute } from "./development/analyze.ts";
import { clearHistoryRoute, listSamples, testHealthRoute } from "./development/inspect.ts";
import { asDeveloper } from "./development/location.ts";
import { upgradePage } from "./development/upgrade-page.ts";
import { readDocumentation, readOpenApi, readReferenceScript } from "./documentation/documents.ts";
import { readDetailedHealth } from "./health/detailed.ts";
import { readHealth, readLiveness, readReadiness } from "./health/probes.ts";
import { createKeyRoute } from "./keys/create.ts";
import { listKeysRoute } from "./keys/list.ts";
import { revokeKeyRoute } from "./keys/revoke.ts";
import { readRunRoute } from "./location-runs/read.ts";
import { removeRunRoute } from "./location-runs/remove.ts";
import { streamRunRoute } from "./location-runs/stream.ts";
import { authenticate, authenticateBySession, createKeyLookup } from "./middleware/authenticate.ts";
import { clientAddress } from "./middleware/client-address.ts";
import { crossOrigin } from "./middleware/cross-origin.ts";
import { jsonBody, jsonOrZipBody } from "./middleware/json-body.ts";
import { fromKnownPage } from "./middleware/known-origin.ts";
import { operator } from "./middleware/operator.ts";
import { produces } from "./middleware/produces.ts";
import { rateLimit } from "./middleware/rate-limit.ts";
import { requestIdentity, traceContext } from "./middleware/request-context.ts";
import { requestLog } from "./middleware/request-log.ts";
import { securityHeaders } from "./middleware/security-headers.ts";
import { createBodyBudget, unlessSwamped, whileBacklogHasRoom, withBodyBudget } from "./middleware/shed-load.ts";
import { unmatchedMethod, unmatchedPath } from "./middleware/unmatched.ts";
import { headers, noQuery, query } from "./middleware/validated.ts";
import { actOnDeadLetterRoute, listDeadLettersRoute } from "./operations/dead-letters.ts";
import { readMetricsRoute } from "./operations/metrics.ts";
import { operationsPageRoute } from "./operations/page.ts";
import { listBacklogRoute, listQueuesRoute, pauseQueueRoute } from "./operations/queues.ts";
import { listRules, readRule } from "./rules/catalogue.ts";
import { putBrandRoute, readBrandRoute } from "./settings/brand.ts";
import { putFactsRoute, readFactsRoute, refreshFactsRoute } from "./settings/facts.ts";
import { putRulesSettingsRoute, readRulesSettingsRoute } from "./settings/rules.ts";
import { readTraceRoute } from "./simulations/report.ts";
import { simulationView } from "./simulations/simulation.ts";
import { submitSimulationRoute } from "./simulations/submit.ts";
import { changeCancellationRoute } from "./subscription/cancel.ts";
import { checkoutRoute, portalRoute } from "./subscription/checkout.ts";
import { subscriptionStatusRoute } from "./subscription/status.ts";
import { readWebhooksHealth } from "./webhooks/health.ts";
import { receiveHighLevelRoute } from "./webhooks/highlevel.ts";
import { receiveStripeRoute } from "./webhooks/stripe.ts";
import { importWorkflowsRoute } from "./workflows/import.ts";
import { listWorkflowsRoute } from "./workflows/list.ts";
import { putDefinitionRoute } from "./workflows/put-definition.ts";
import { workflowStructureRoute } from "./workflows/structure.ts";

const json = produces("application/json");
const events = produces("text/event-stream");
/** A cache takes over what a 304 says: a page keeps its own policy. */
const alsoOf304 = ["Content-Security-Policy", "RateLimit", "RateLimit-Policy", "X-Request-ID"];
/** A document with an entity tag of its bytes. */
const revalidated = etag({ retainedHeaders: [...RETAINED_304_HEADERS, ...alsoOf304] });

/** The whole API as a function of what it stands on: middleware in order, then a table of routes. */
export function createApp(dependencies: Dependencies): Hono<AppEnv> {
  const { settings, log, limits, metrics, tracing } = dependencies;
  const app = new Hono<AppEnv>();
  app.use(requestIdentity(), traceContext(tracing), clientAddress(settings.trustedProxies));
  app.use(requestLog(log, metrics.requests));
  app.use(securityHeaders(), crossOrigin(settings.corsOrigins), unmatchedMethod(app));
  app.use(withBodyBudget(createBodyBudget()));
  app.onError(errorHandler(dependencies));
  app.notFound(unmatchedPath);

  app.get("/health", readHealth(dependencies));
  app.get("/health/detailed", readDetailedHealth(dependencies));
  app.get("/ready", readReadiness(dependencies));
  app.get("/live", readLiveness);

  const shedding = unlessSwamped(dependencies);
  app.use("/api/*", shedding);
  app.use("/auth/*", shedding);
  const api = rateLimit("api", limits);
  app.get("/openapi.json", api, json, readOpenApi(dependencies.openApi));
  app.get("/docs", api, produces("text/html"), ...readDocumentation());
  app.get("/docs/reference.js", readReferenceScript());
  app.get("/api/rules", api, json, noQuery(), listRules);
  app.get("/api/rules/:code", api, json, noQuery(), readRule);

  const auth = rateLimit("auth", limits);
  const session = authenticateBySession(dependencies);
  app.get("/auth/login", auth, query(loginQuery), loginRoute(dependencies));
  app.get("/auth/callback", auth, query(callbackQuery), callbackRoute(dependencies));
  app.get("/auth/status", api, json, noQuery(), authStatusRoute(dependencies));
  app.post("/auth/logout", session, api, json, query(logoutQuery), logoutRoute(dependencies));
  app.post("/auth/refresh", session, auth, json, noQuery(), refreshRoute(dependencies));
  app.post("/auth/sso", auth, json, fromKnownPage(settings), jsonBody(), embeddedSignInRoute(dependencies));
  app.post("/api/keys", session, api, json, jsonBody(), createKeyRoute(dependencies));
  app.get("/api/keys", session, api, json, noQuery(), listKeysRoute(dependencies));
  app.delete("/api/keys/:id", session, api, json, revokeKeyRoute(dependencies));
  app.post("/api/subscription/checkout", session, api, json, headers(checkoutHeaders), checkoutRoute(dependencies));
  app.post("/api/subscription/portal", session, api, json, portalRoute(dependencies));
  app.post("/api/subscription/cancel", session, api, json, changeCancellationRoute(dependencies, true));
  app.post("/api/subscription/resume", session, api, json, changeCancellationRoute(dependencies, false));
  app.get("/api/subscription/status", session, api, json, noQuery(), subscriptionStatusRoute(dependencies));
  app.post("/webhooks/stripe", receiveStripeRoute(dependencies));
  app.post("/webhooks/ghl", receiveHighLevelRoute(dependencies));
  app.get("/webhooks/health", api, json, noQuery(), readWebhooksHealth(dependencies));

  const credentials = { ...dependencies, keys: createKeyLookup(dependencies.database) };
  const reads = authenticate("read", credentials);
  const analyzes = authenticate("analyze", credentials);
  app.get("/api/workflows", reads, api, json, query(workflowsQuery), listWorkflowsRoute(dependencies));
  app.get("/api/workflows/:id/structure", reads, api, json, noQuery(), workflowStructureRoute(dependencies));
  app.put("/api/workflows/:id/definition", analyzes, api, json, jsonBody(), putDefinitionRoute(dependencies));
  app.post("/api/workflows/import", analyzes, api, json, jsonOrZipBody(), importWorkflowsRoute(dependencies));

  const analyze = rateLimit("analyze", limits);
  app.post(
    "/api/analyze",
    analyzes,
    analyze,
    whileBacklogHasRoom(dependencies),
    json,
    noQuery(),
    jsonBody(),
    headers(submitHeaders),
    submitAnalysisRoute(dependencies),
  );
  app.get("/api/analysis/:id", reads, json, query(readQuery), readAnalysisRoute(dependencies));
  app.delete("/api/analysis/:id", analyzes, api, json, noQuery(), removeAnalysisRoute(dependencies));
  app.get("/api/analysis/:id/events", reads, events, noQuery(), streamAnalysisRoute(dependencies));
  app.get(
    "/api/analysis/:id/report",
    reads,
    api,
    produces(...reportMediaTypes),
    query(reportQuery),
    revalidated,
    readReportRoute(dependencies),
  );
  app.get(
    "/api/analysis/:id/diff",
    reads,
    api,
    produces(...diffMediaTypes),
    query(diffQuery),
    revalidated,
    readDiffRoute(dependencies),
  );

  const submitted = every(analyzes, analyze, whileBacklogHasRoom(dependencies), json, noQuery(), jsonBody());
  const audit = auditView(dependencies);
  app.post("/api/audit", submitted, headers(submitHeaders), submitAuditRoute(audit, dependencies));
  app.get("/api/audit/:id", reads, json, query(readQuery), readRunRoute(audit, dependencies));
  app.delete("/api/audit/:id", analyzes, api, json, noQuery(), removeRunRoute(audit, dependencies));
  app.get("/api/audit/:id/events", reads, events, noQuery(), streamRunRoute(audit, dependencies));
  app.get(
    "/api/audit/:id/report",
    reads,
    api,
    produces(...auditReportMediaTypes),
    query(auditReportQuery),
    revalidated,
    readAuditReportRoute(audit, dependencies),
  );
  app.get(
    "/api/audit/:id/references",
    reads,
    api,
    json,
    query(referencesQuery),
    listReferencesRoute(audit, dependencies),
  );
  const simulation = simulationView(dependencies);
  app.post("/api/simulate", submitted, headers(submitHeaders), submitSimulationRoute(simulation, dependencies));
  app.get("/api/simulate/:id", reads, json, query(readQuery), readRunRoute(simulation, dependencies));
  app.delete("/api/simulate/:id", analyzes, api, json, noQuery(), removeRunRoute(simulation, dependencies));
  app.get("/api/simulate/:id/events", reads, events, noQuery(), streamRunRoute(simulation, dependencies));
  app.get(
    "/api/simulate/:id/report",
    reads,
    api,
    produces(...traceMediaTypes),
    query(traceQuery),
    revalidated,
    readTraceRoute(simulation, dependencies),
  );

  app.get("/api/history", reads, api, json, query(historyQuery), listHistoryRoute(dependencies));

  const change = headers(settingsHeaders);
  app.get("/api/settings/brand", reads, api, json, noQuery(), readBrandRoute(dependencies));
  app.put("/api/settings/brand", analyzes, api, json, noQuery(), jsonBody(), change, putBrandRoute(dependencies));
  app.get("/api/settings/rules", reads, api, json, noQuery(), readRulesSettingsRoute(dependencies));
  app.put(
    "/api/settings/rules",
    analyzes,
    api,
    json,
    noQuery(),
    jsonBody(),
    change,
    putRulesSettingsRoute(dependencies),
  );
  app.get("/api/settings/facts", reads, api, json, noQuery(), readFactsRoute(dependencies));
  app.put("/api/settings/facts", analyzes, api, json, noQuery(), jsonBody(), change, putFactsRoute(dependencies));
  app.post("/api/settings/facts/refresh", analyzes, api, json, noQuery(), refreshFactsRoute(dependencies));

  const ops = operator(dependencies);
  app.get("/ops/dead-letters", ops, json, query(deadLettersQuery), listDeadLettersRoute(dependencies));
  const discard = actOnDeadLetterRoute(dependencies, discardDeadLetter);
  app.post("/ops/dead-letters/:job/:id/replay", ops, json, actOnDeadLetterRoute(dependencies, replayDeadLetter));
  app.post("/ops/dead-letters/:job/:id/discard", ops, json, discard);
  app.delete("/ops/dead-letters/:job/:id", ops, json, discard);
  app.get("/ops/queues", ops, json, noQuery(), listQueuesRoute(dependencies));
  app.post("/ops/queues/:job/pause", ops, json, pauseQueueRoute(dependencies, true));
  app.post("/ops/queues/:job/resume", ops, json, pauseQueueRoute(dependencies, false));
  app.get("/ops/backlog", ops, json, query(backlogQuery), listBacklogRoute(dependencies));
  app.get("/ops", ops, produces("text/html"), operationsPageRoute(dependencies));
  app.get("/metrics", ops, readMetricsRoute(dependencies));

  if (settings.environment === "development") mountDevelopment(app, dependencies, every(asDeveloper(), api, json));
  return app;
}

/** The `/test` endpoints; elsewhere they do not exist. */
function mountDevelopment(app: Hono<AppEnv>, dependencies: Dependencies, guard: MiddlewareHandler<AppEnv>): void {
  app.get("/upgrade", upgradePage);
  app.post("/test/analyze", guard, noQuery(), jsonBody(), testAnalyzeRoute(dependencies));
  app.get("/test/workflows", guard, noQuery(), listSamples);
  app.get("/test/history", guard, query(historyQuery), listHistoryRoute(dependencies));
  app.delete("/test/history", guard, noQuery(), clearHistoryRoute(dependencies));
  app.get("/test/health", guard, noQuery(), testHealthRoute(dependencies));
}
