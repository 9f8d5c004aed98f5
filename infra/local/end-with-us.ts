import { type ChildProcess, spawn } from "node:child_process";
import { exited } from "./processes.ts";

/** Waits on a pipe that closes when we are gone; then ends the process, and, with a folder, waits for that and removes it. */
const GUARD = `
read -r line
kill -s "$1" "$2" || exit
[ -n "$3" ] || exit
left=100
while kill -0 "$2" && [ $((left -= 1)) -gt 0 ]; do sleep 0.1; done
kill -s KILL "$2"
rm -rf "$3"
`;

/**
 * Has a child end when this process is gone, however it went: kill -9 leaves no time to end one's children, and a process
 * group of its own keeps a child from the terminal's signals. The folder is one that is nothing without the child.
 */
export function endWithUs(child: ChildProcess, signal: "SIGINT" | "SIGTERM", folder = ""): void {
  if (child.pid === undefined) return;
  const words = ["-c", GUARD, "guard", signal.replace("SIG", ""), String(child.pid), folder];
  const guard = spawn("/bin/sh", words, { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  guard.on("error", () => undefined); // without a shell a kill -9 leaves the child behind; nothing else changes
  guard.unref();
  void exited(child).then(() => guard.kill("SIGKILL"));
}
