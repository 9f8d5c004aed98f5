import { developmentLocation } from "@workflow-debugger/shared/contract";
import { hashToken } from "@workflow-debugger/shared/crypto";
import {
  authenticateApiKey,
  createApiKey,
  openDatabase,
  type ProvisionedUrls,
  saveLocation,
} from "@workflow-debugger/shared/db";
import type { Logger } from "@workflow-debugger/shared/observability";
import { uuidv7 } from "uuidv7";
import type { DevSecrets } from "./dev-secrets.ts";

export const demoLocations = [
  { id: "demo-pro", name: "Demo location (Pro)", plan: "pro" },
  { id: "demo-free", name: "Demo location (Free)", plan: "free" },
] as const;

/** One location of each plan with the API key kept beside the data; nothing changes when they exist. */
export async function createDemoLocations(
  urls: ProvisionedUrls,
  keys: DevSecrets["apiKeys"],
  log: Logger,
): Promise<void> {
  const open = (url: string) => openDatabase({ url, maxConnections: 2, applicationName: "demo locations", log });
  const worker = open(urls.workerUrl);
  const api = open(urls.apiUrl);
  try {
    await saveLocation(worker, developmentLocation);
    for (const location of demoLocations) {
      const hash = hashToken(keys[location.plan]);
      if ((await authenticateApiKey(api, hash)) !== null) continue;
      await saveLocation(worker, location);
      await createApiKey(api, {
        id: uuidv7(),
        locationId: location.id,
        name: "pnpm dev",
        hash,
        scopes: ["analyze", "read"],
        actor: "pnpm dev",
        requestId: null,
      });
    }
  } finally {
    await Promise.all([worker.close(), api.close()]);
  }
}
