import { saidOf } from "./from-text.ts";

/** A file of one service that is pinned and listens, with these lines of its own, and what stands beside it. */
export const service = (lines: string, rest = "") => `services:
  web:
    image: web@sha256:${"0".repeat(64)}
    expose: ["80"]
${lines.replaceAll(/^(?=.)/gm, "    ")}
x-vpc: { Properties: { SingleNat: true } }
${rest}`;

/** Everything said of what is written, and not of what it costs. */
export const said = (text: string) =>
  saidOf(text).filter((line) => !line.startsWith("warning costs"));
