import { crashEverywhere } from "./crashes.ts";

await crashEverywhere("dies after");
