/**
 * A failure of the local stack that its user can mend: the message says what is wrong and what to do.
 * Everything else that is thrown is a defect and keeps its stack trace.
 */
export class StackError extends Error {
  override readonly name = "StackError";
}

/** Prints a failure as its reader needs it: a sentence when it can be mended, the whole trace when it is a defect. */
export function describeFailure(error: unknown): string {
  if (error instanceof StackError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The stable code of a system error (`ENOSPC`, `EACCES`, …), or undefined. */
export function systemCode(error: unknown): string | undefined {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return undefined;
}

/** Words a file system error about a folder of ours; other errors come back unchanged. */
export function explainFolderFailure(error: unknown, folder: string): unknown {
  switch (systemCode(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return new StackError(
        `The disk that holds ${folder} is full. Free some space (about 200 MB), or set DATA_DIR to a folder on another disk.`,
      );
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new StackError(
        `${folder} cannot be written by this user. Change its owner, or set DATA_DIR to a folder that can be written.`,
      );
    case "ENOTDIR":
    case "EEXIST":
      return new StackError(`${folder} is not a folder. Remove it, or set DATA_DIR to another folder.`);
    default:
      return error;
  }
}
