import { durationSeconds } from "../units.ts";
import type { Attribute } from "./attribute.ts";

/** In seconds. */
const shortest = 2;
const longest = 120;

/** `stop_grace_period`: how long a container may take to stop. */
export const stopTimeout: Attribute = ({ service, path }, { launch }, { report }) => {
  if (service.stop_grace_period === undefined || service.stop_grace_period === null) return {};
  const at = [...path, "stop_grace_period"];
  const seconds = durationSeconds(String(service.stop_grace_period));
  if (seconds === undefined) {
    const message = `${String(service.stop_grace_period)} is no duration`;
    report.error({ code: "wrong-type", path: at, message, help: "For example 90s." });
    return {};
  }
  if (seconds < shortest) {
    const message = `ECS gives a container ${shortest} s at least`;
    report.warn({ code: "lengthened", path: at, message });
    return { StopTimeout: shortest };
  }
  if (launch !== "FARGATE") return { StopTimeout: Math.ceil(seconds) };
  if (seconds > longest) {
    const message = `Fargate stops a container after ${longest} s at the latest`;
    report.warn({ code: "shortened", path: at, message });
  }
  return { StopTimeout: Math.min(Math.ceil(seconds), longest) };
};
