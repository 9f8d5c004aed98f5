import { pathToFileURL } from "node:url";
import { bundle, bundleIsStale, bundlePath } from "./bundle.ts";

/** `pnpm analyze`: runs the bundled command line, bundling it first when a source has changed. */
if (bundleIsStale()) await bundle();
await import(pathToFileURL(bundlePath).href);
