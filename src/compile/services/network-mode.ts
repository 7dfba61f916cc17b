import type { Attribute } from "./attribute.ts";

/**
 * `network_mode`: containers of a task share one interface of their own in the VPC. Another mode
 * does nothing on Fargate; who asks an instance for it means what the instance can reach.
 */
export const networkMode: Attribute = (member, { launch, members }, { report }) => {
  const mode = member.service.network_mode;
  if (typeof mode !== "string" || mode === "" || mode === "awsvpc") return {};
  if (members.some((one) => one !== member && mode === `service:${one.name}`)) return {};
  const path = [...member.path, "network_mode"];
  const message = `tasks have an interface of their own (awsvpc), and no network mode ${mode}`;
  if (launch === "FARGATE" && mode !== "none") report.warn({ code: "no-effect", path, message });
  else report.error({ code: "cannot-honour", path, message, help: "Remove it." });
  return {};
};
