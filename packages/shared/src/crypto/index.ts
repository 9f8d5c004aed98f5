/** Secrets at rest and secrets compared. */

export {
  installContext,
  type KeyRing,
  layoutContext,
  optionsContext,
  parseKeyRing,
  runContext,
  SealError,
  type Sealed,
  settingsContext,
  snapshotContext,
  webhookContext,
} from "./key-ring.ts";
export { sealDefinition } from "./seal-definition.ts";
export { carriesToken, equalSecrets, hashToken, newApiKey, newToken, sha256 } from "./tokens.ts";
