import { AppError, mostImported } from "@workflow-debugger/shared/contract";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { decodeJson } from "../http-server/decode-json.ts";
import { type Document, documentsIn, type Refusal } from "./documents.ts";

/** Unpacked, each file and all together: an archive of ten megabytes could hold ten gigabytes. */
const MOST_FILE_BYTES = 10 * 1024 * 1024;
const MOST_BYTES = 50 * 1024 * 1024;
/** Entries that are looked at, folders and other files included. */
const MOST_ENTRIES = 2_000;

/**
 * The workflow documents of a ZIP archive of JSON files, one file after the other, so that none need be kept; files that cannot
 * be read are refused, other kinds ignored.
 */
export async function* readArchive(bytes: Buffer): AsyncGenerator<readonly Document[] | Refusal> {
  let unpacked = 0;
  let workflows = 0;
  const archive = await open(bytes);
  try {
    for await (const entry of archive.eachEntry()) {
      if (archive.entriesRead > MOST_ENTRIES) throw tooLarge(`holds more than ${MOST_ENTRIES} files`);
      if (!isJson(entry.fileName)) continue;
      unpacked += entry.uncompressedSize;
      if (unpacked > MOST_BYTES) throw tooLarge("unpacks to more than 50 MiB");
      const found = await documentsOf(archive, entry);
      workflows += "code" in found ? 1 : found.length;
      if (workflows > mostImported) throw tooLarge(`holds more than ${mostImported} workflows`);
      yield found;
    }
  } catch (error) {
    throw error instanceof AppError ? error : broken(error);
  }
}

async function open(bytes: Buffer): Promise<ZipFile> {
  try {
    return await fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: true });
  } catch (error) {
    throw broken(error);
  }
}

/** Files that macOS adds to every archive begin with a dot, in a folder of their own. */
function isJson(name: string): boolean {
  return /\.json$/i.test(name) && !/(^|\/)(\.|__MACOSX\/)/.test(name);
}

async function documentsOf(archive: ZipFile, entry: Entry): Promise<readonly Document[] | Refusal> {
  const path = entry.fileName.slice(0, 300);
  if (entry.uncompressedSize > MOST_FILE_BYTES) {
    return { path, code: "too_large", message: "is larger than 10 MiB" };
  }
  if (entry.isEncrypted()) return { path, code: "encrypted", message: "is encrypted" };
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of await archive.openReadStreamPromise(entry)) chunks.push(chunk);
    return documentsIn(path, decodeJson(Buffer.concat(chunks)));
  } catch (error) {
    if (error instanceof AppError && error.code === "PAYLOAD_TOO_LARGE") {
      return { path, code: "too_large", message: "holds more than a definition does" };
    }
    const message = error instanceof AppError ? "is not valid JSON" : "cannot be unpacked";
    return { path, code: "unreadable", message };
  }
}

function tooLarge(why: string): AppError {
  return new AppError("PAYLOAD_TOO_LARGE", { message: `The archive ${why}. Import it in parts.` });
}

function broken(cause: unknown): AppError {
  return new AppError("VALIDATION_FAILED", {
    message: "The body is not a ZIP archive that can be read.",
    details: [{ path: "", code: "archive", message: "cannot be read as a ZIP archive" }],
    cause,
  });
}
