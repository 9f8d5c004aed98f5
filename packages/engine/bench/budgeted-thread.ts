import { parentPort, workerData } from "node:worker_threads";
import { analyze } from "../src/analyze.ts";

const text: string = workerData;
const start = performance.now();
analyze(JSON.parse(text));
parentPort?.postMessage(performance.now() - start);
