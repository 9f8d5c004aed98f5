interface ServerFailure {
  readonly message: string;
  /** True for what passes by itself: a port taken in between, processes of a killed run that are still ending. */
  readonly worthRetrying: boolean;
}

/** What the last words of a PostgreSQL that did not start mean, and what its user can do. */
export function explainServerFailure(words: string, source: string, folder: string): ServerFailure {
  const passing = /pre-existing shared memory block|could not bind|Address already in use|could not create any TCP/i;
  return { message: `PostgreSQL did not start: ${explain(words, source, folder)}`, worthRetrying: passing.test(words) };
}

function explain(words: string, source: string, folder: string): string {
  if (/No space left on device|Disk quota exceeded/i.test(words)) {
    return `the disk that holds ${folder} is full. Free some space (about 200 MB), or set DATA_DIR to a folder on another disk.`;
  }
  if (/lock file .* already exists/i.test(words)) {
    return "another PostgreSQL is starting on the same data. Wait a moment and try again, or set DATA_DIR to another folder.";
  }
  if (/database files are incompatible|initialized by PostgreSQL version/i.test(words)) {
    return `the data in ${folder} belongs to another version of PostgreSQL. Move that folder away to start with an empty database.`;
  }
  if (/wrong ownership|Permission denied|EACCES|EPERM/i.test(words)) {
    return `its files in ${folder} belong to another user. Run the command as that user, or set DATA_DIR to another folder.`;
  }
  if (/error while loading shared libraries|ENOENT|Exec format error/i.test(words)) {
    return `its binaries do not run on this machine (they need glibc 2.28 or newer). ${lastLines(words)}`;
  }
  return `${lastLines(words)}\n(from ${source})`;
}

function lastLines(words: string): string {
  return words.trim().split("\n").slice(-8).join("\n");
}
