import type { Brand } from "@workflow-debugger/engine/report";
import { type AnalysisOptions, AppError, type StoredSuppression } from "@workflow-debugger/shared/contract";
import { settingsContext } from "@workflow-debugger/shared/crypto";
import {
  readSettings,
  retryTransient,
  type SettingsDocument,
  type SettingsName,
  saveSettings,
} from "@workflow-debugger/shared/db";
import type { FactsReading } from "@workflow-debugger/shared/ghl";
import type { Context } from "hono";
import { resource } from "../answers/envelope.ts";
import { setHeader } from "../answers/set-header.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";

/** What the settings documents hold. */
export interface SettingsContents {
  readonly rules: {
    readonly rules: NonNullable<AnalysisOptions["rules"]>;
    readonly suppressions: readonly StoredSuppression[];
  };
  readonly facts: { readonly facts: NonNullable<AnalysisOptions["facts"]> };
  readonly "facts-read": FactsReading;
  readonly brand: Brand;
}

export type OpenedSettings<Names extends SettingsName> = {
  readonly [Name in Names]?: Pick<SettingsDocument, "version" | "updatedAt" | "updatedBy"> & {
    readonly contents: SettingsContents[Name];
  };
};

type Parts = Pick<Dependencies, "database" | "keyRing">;

/** Settings of a location, opened; a document that was never stored is absent. */
export async function openSettings<Name extends SettingsName>(
  { database, keyRing }: Parts,
  locationId: string,
  names: readonly Name[],
): Promise<OpenedSettings<Name>> {
  const documents = await retryTransient(() => readSettings(database, { locationId, names }));
  const opened = documents.map(({ name, sealed, version, updatedAt, updatedBy }) => {
    const contents: unknown = JSON.parse(keyRing.open(sealed, settingsContext(locationId, name)).toString());
    return [name, { version, updatedAt, updatedBy, contents }] as const;
  });
  return Object.fromEntries(opened) as OpenedSettings<Name>;
}

/**
 * Stores what a request makes of a settings document, on behalf of its caller. Throws `CONFLICT` when its `If-Match` is of
 * another version than the stored one.
 */
export async function storeSettings<Name extends SettingsName>(
  context: Context<AppEnv>,
  { database, keyRing }: Parts,
  {
    name,
    contents,
    ifMatch,
  }: {
    readonly name: Name;
    readonly contents: SettingsContents[Name];
    readonly ifMatch: string | undefined;
  },
): Promise<void> {
  const { locationId, actor } = context.get("caller");
  const sealed = keyRing.seal(Buffer.from(JSON.stringify(contents)), settingsContext(locationId, name));
  const version = /\d+/.exec(ifMatch ?? "")?.[0];
  const { outcome } = await saveSettings(database, {
    locationId,
    name,
    sealed,
    expectedVersion: version === undefined ? null : Number(version),
    actor,
    requestId: context.get("requestId"),
  });
  if (outcome === "saved") return;
  throw new AppError("CONFLICT", {
    message: "Somebody changed these settings meanwhile. Read them again, then change them.",
  });
}

/** Answers with settings, and with the version they stand at and who made it; `stored` is undefined before the first. */
export function answerSettings(
  context: Context<AppEnv>,
  stored: Pick<SettingsDocument, "version" | "updatedAt" | "updatedBy"> | undefined,
  settings: object,
): Response {
  const version = stored?.version ?? 0;
  setHeader(context, "ETag", `"${version}"`);
  return resource(context, {
    ...settings,
    version,
    updatedAt: stored?.updatedAt.toISOString() ?? null,
    updatedBy: stored?.updatedBy ?? null,
  });
}
